import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { exitCodes, HostwrightError, messageOf } from '../errors.ts';
import { hashInputs } from '../journal/inputs.ts';
import { readPlaybook } from '../language/parse/parse-playbook.ts';
import { hasher } from '../planned/hashed-change.ts';
import { makePlanOf, type PlanMaker } from '../planned/make.ts';
import { planMarkdown } from '../planned/markdown.ts';
import { type PlanFile, type PlanHead, writePlan } from '../planned/plan-file.ts';
import { openReporters } from '../reporters/open.ts';
import { printable } from '../reporters/printable.ts';
import { quote } from '../shell/quote.ts';
import { withoutValues } from './shared/arguments.ts';
import { hostsOfPlan } from './shared/before-run.ts';
import { vocabulary } from './shared/catalogue.ts';
import { execute, type Job } from './shared/execute.ts';
import { durationOf } from './shared/moment.ts';
import { optionWords } from './shared/option-words.ts';
import { connectionOptions, inventoryOptions, planOptions, type RunFlags, tagOptions } from './shared/options.ts';
import { missingWords } from './shared/resumed.ts';
import { openInventory } from './shared/sources.ts';

interface PlanFlags extends Omit<RunFlags, 'output'> {
  readonly out: string;
  readonly markdown?: string;
  /** Milliseconds. */
  readonly expires: number;
}

/** Options that are for `plan` itself. */
const own = ['out', 'markdown', 'expires', 'state', 'journal', 'keepDays', 'keepRuns'];

/** `hostwright plan PLAYBOOK… -o FILE` */
export function addPlan(program: Command, done: (exitCode: number) => void): void {
  const command = program
    .command('plan')
    .description('Write down what a play would change, for "apply" to do exactly that.')
    .argument('<playbook...>', 'files');
  planOptions(connectionOptions(tagOptions(inventoryOptions(command))))
    .requiredOption('-o, --out <file>', 'where the plan is written')
    .option('--markdown <file>', 'write what a reviewer reads, as Markdown')
    .option('--expires <time>', 'how long it may be applied: 90m, 24h, 3d', durationOf, durationOf('24h'))
    .addHelpText(
      'after',
      `
The plan has no secrets: values are hashes, and what is shown is masked.

Examples:
  hostwright plan site.yml -i inventory.yml -o site.plan --markdown plan.md
  hostwright apply site.plan`,
    )
    .action(async (files: string[], flags: PlanFlags) => done(await plan(files, flags, command)));
}

async function plan(files: readonly string[], flags: PlanFlags, command: Command): Promise<number> {
  const salt = randomBytes(16).toString('hex');
  let seen: (Pick<PlanHead, 'inputs' | 'hosts'> & { readonly maker: PlanMaker }) | undefined;
  const job: Job = {
    title: files.join(' '),
    playbooks: files.map(file => readPlaybook(file, vocabulary)),
    survey: () => openInventory(flags.inventory, files),
    open: given => openReporters(given, { planned: true }),
    isKept: true,
    readers: [event => seen?.maker.read(event)],
    onPlan: ({ plan: made, inputs, secrets }) => {
      const hash = hasher(salt, secrets);
      const maker = makePlanOf(hash);
      seen = { inputs: hashInputs(inputs, hash.text), hosts: hostsOfPlan(made), maker };
      return maker.review;
    },
  };
  const exitCode = await execute(job, { ...flags, check: true, output: 'auto' });
  const start = seen?.maker.start();
  const isCut = exitCode === exitCodes.interrupted || exitCode === exitCodes.defect;
  if (!seen || !start || isCut) return exitCode;
  const { maker, inputs, hosts } = seen;
  const words = withoutValues(optionWords(command, own), flags.extraVars);
  const now = Date.now();
  const head: PlanHead = {
    type: 'plan',
    version: 1,
    title: job.title,
    created: new Date(now).toISOString(),
    expires: new Date(now + flags.expires).toISOString(),
    salt,
    origin: start.origin,
    arguments: ['play', ...words, '--', ...files],
    inputs,
    hosts,
  };
  const written: PlanFile = { head, tasks: maker.tasks() };
  writePlan(flags.out, written);
  if (flags.markdown !== undefined) writeMarkdown(flags.markdown, written);
  process.stderr.write(nextText(head, flags));
  return exitCode;
}

/** What to do with a plan that is written, and until when. */
function nextText({ inputs, expires }: PlanHead, { out, markdown }: PlanFlags): string {
  const [day, time = ''] = expires.split('T');
  const read = markdown === undefined ? 'what would change' : printable(markdown);
  const apply = `hostwright apply ${printable(quote(out))}${missingWords(inputs, {})}`;
  return `The plan is in ${printable(out)}. Review ${read}, then apply it until ${day} ${time.slice(0, 5)} UTC:
  ${apply}
`;
}

function writeMarkdown(file: string, plan: PlanFile): void {
  try {
    writeFileSync(file, planMarkdown(plan), { mode: 0o600 });
  } catch (cause) {
    throw new HostwrightError('plan.markdown', `${file} cannot be written: ${messageOf(cause)}`, {
      exitCode: exitCodes.usage,
      cause,
    });
  }
}
