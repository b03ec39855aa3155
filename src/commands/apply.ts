import type { Command } from 'commander';
import { version } from '../home.ts';
import { hashInputs } from '../journal/inputs.ts';
import { hasher } from '../planned/hashed-change.ts';
import { holdTo } from '../planned/hold.ts';
import { type PlanHead, readPlan, unusable } from '../planned/plan-file.ts';
import { foldNames } from '../reporters/host-names.ts';
import { quote } from '../shell/quote.ts';
import { hostsOfPlan } from './shared/before-run.ts';
import type { CarryOut, PlannedRun } from './shared/execute.ts';
import { optionWords, withOptions } from './shared/option-words.ts';
import { applyOptions } from './shared/options.ts';
import { differencesText, missingWords } from './shared/resumed.ts';

interface ApplyFlags {
  readonly unknown: boolean;
}

/** `hostwright apply FILE` */
export function addApply(program: Command, done: (exitCode: number) => void, carryOut: CarryOut): void {
  const command = program
    .command('apply')
    .description('Do what a plan has, and nothing else.')
    .argument('<plan>', 'a file that "hostwright plan" has written');
  applyOptions(command)
    .option('--no-unknown', 'run no task of which the plan could not tell what it would do')
    .addHelpText(
      'after',
      `
It runs where the plan was made, or in another checkout of the same commit: the
inputs must be the same. A host that was changed since then is refused, with
what differs. Values of -e are not in a plan: give them again.

Examples:
  hostwright apply site.plan
  hostwright apply site.plan -l 'hv*' --no-unknown`,
    )
    .action(async (file: string, flags: ApplyFlags) => {
      const { head, tasks } = readPlan(file);
      refuseOld(file, head);
      const words = withOptions(head.arguments, optionWords(command, ['unknown']));
      const onVariables = (given: object) => refuseWithout(file, head, given);
      const onPlan = (planned: PlannedRun) => {
        const hash = hasher(head.salt, planned.secrets);
        refuseOthers(file, head, { hosts: hostsOfPlan(planned.plan), inputs: hashInputs(planned.inputs, hash.text) });
        return holdTo({ tasks, hash, unknownRuns: flags.unknown });
      };
      done(await carryOut(words, { onVariables, onPlan }));
    });
}

/** @throws HostwrightError `plan.expired`, `plan.clock`, `plan.version` */
function refuseOld(file: string, { created, expires, origin: { versions } }: PlanHead): void {
  const now = Date.now();
  if (now > Date.parse(expires)) throw unusable('expired', `The plan ${file} expired on ${expires}.`);
  if (now < Date.parse(created) - leeway)
    throw unusable(
      'clock',
      `The plan ${file} is of ${created}, which is yet to come.`,
      'Set the clock of this machine.',
    );
  if (versions.hostwright !== version())
    throw unusable('version', `The plan ${file} is of Hostwright ${versions.hostwright}, and this is ${version()}.`);
}

/** Milliseconds by which clocks of two machines may differ. */
const leeway = 5 * 60 * 1000;

/** @throws HostwrightError `plan.variables` */
function refuseWithout(file: string, { inputs }: PlanHead, given: object): void {
  const missing = missingWords(inputs, given);
  if (missing === '') return;
  const hint = `Values of -e are not in a plan; give them again: hostwright apply ${quote(file)}${missing}`;
  throw unusable('variables', `The plan ${file} was made with values of -e that are missing.`, hint);
}

/** @throws HostwrightError `plan.inputs`, `plan.hosts` */
function refuseOthers(file: string, { inputs, hosts }: PlanHead, now: Pick<PlanHead, 'inputs' | 'hosts'>): void {
  const differences = differencesText(inputs, now.inputs);
  if (differences !== undefined)
    throw unusable('inputs', `The inputs of the plan ${file} are not what they were:\n${differences}`);
  const others = now.hosts.filter(host => !hosts.includes(host));
  if (others.length > 0) throw unusable('hosts', `The plan ${file} does not have ${foldNames(others)}.`);
}
