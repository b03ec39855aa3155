import type { Command } from 'commander';
import { certain, exitCodes, HostwrightError } from '../errors.ts';
import { readPlaybook } from '../language/parse/parse-playbook.ts';
import { expressionText } from '../language/source.ts';
import { suggest } from '../language/suggest.ts';
import { soundPlan } from '../plan/check/sound-plan.ts';
import { type Change, type Explanation, explain } from '../plan/explain.ts';
import { hostScope } from '../plan/host-scope.ts';
import type { Plan } from '../plan/plan.ts';
import { playbookOf } from './shared/ad-hoc.ts';
import { vocabulary } from './shared/catalogue.ts';
import { patternsOf, preparePlan } from './shared/execute.ts';
import { readExtraVars } from './shared/extra-vars.ts';
import { readHostSets } from './shared/host-sets.ts';
import { inventoryOptions, type RunFlags, tagOptions } from './shared/options.ts';
import { openInventory } from './shared/sources.ts';

/** `hostwright explain VAR --host H [PLAYBOOK…]` */
export function addExplain(program: Command, done: (exitCode: number) => void): void {
  const command = program.command('explain').description('Tell where the value of a variable comes from.');
  tagOptions(inventoryOptions(command))
    .argument('<variable>', 'its name')
    .argument('[playbook...]', 'with the variables of plays, roles and tasks; else those of the inventory')
    .requiredOption('--host <host>', 'on this host')
    .addHelpText(
      'after',
      `
Examples:
  hostwright explain vg --host hv1 playbooks/site.yml -i inventory.yml
  hostwright explain ansible_user --host hv1 -i inventory.yml`,
    )
    .action(async (name: string, files: string[], flags: RunFlags & { readonly host: string }) => {
      const survey = openInventory(flags.inventory, files);
      const playbooks =
        files.length > 0
          ? files.map(file => readPlaybook(file, vocabulary))
          : [playbookOf({ name: 'the inventory', hosts: flags.host, tasks: [] })];
      const sets = await readHostSets(patternsOf(playbooks, flags), flags);
      const more = { extraVars: readExtraVars(flags.extraVars), sets };
      const plan = soundPlan(preparePlan(playbooks, survey, flags, more));
      if (!plan.plays.some(({ hosts }) => hosts.includes(flags.host))) throw notInPlay(flags.host);
      const { explanations, changes } = explain(name, flags.host, plan);
      if (explanations.length + changes.length === 0) throw nothingSets(name, flags.host, plan);
      process.stdout.write(`${[...explanations.map(textOf(name, flags.host)), ...changes.map(changeText)].join('\n')}`);
      done(0);
    });
}

function notInPlay(host: string): HostwrightError {
  return new HostwrightError('explain.host', `No play is for the host "${host}".`, {
    hint: 'See "hostwright inventory --graph", and "hosts:" of the plays.',
    exitCode: exitCodes.usage,
  });
}

function nothingSets(name: string, host: string, plan: Plan): HostwrightError {
  const play = certain(
    plan.plays.find(({ hosts }) => hosts.includes(host)),
    `a play for ${host}`,
  );
  const { layers } = play;
  const { names } = hostScope({
    plan,
    play,
    inventory: plan.inventory,
    host,
    layers,
    check: false,
    dynamic: [],
    facts: {},
  });
  return new HostwrightError('explain.nothing', `Nothing sets "${name}" on ${host}.`, {
    hint: suggest(name, names()) ?? 'Name the playbook too: its plays, roles and tasks have variables of their own.',
    exitCode: exitCodes.usage,
  });
}

function textOf(name: string, host: string): (explanation: Explanation) => string {
  return ({ play, places, settings, value, problem }) => {
    const where = places.length === 0 ? '' : `, in ${places.join(', ')}`;
    const is = problem === undefined ? JSON.stringify(value) : `not known: ${problem}`;
    const width = Math.max(...settings.map(({ origin }) => origin.length));
    const rows = settings.map(({ origin, at = '', written }, index) => {
      const mark = index === settings.length - 1 ? '*' : ' ';
      return `${mark} ${origin.padEnd(width)}  ${writtenText(written)}${at === '' ? '' : `  ${at}`}\n`;
    });
    return `${name} on ${host}, play "${play}"${where}: ${is}\n${rows.join('')}`;
  };
}

function writtenText(value: unknown): string {
  const text = expressionText(value);
  return text === undefined ? (JSON.stringify(value) ?? 'null') : `!expr ${JSON.stringify(text)}`;
}

function changeText({ play, task, by, at }: Change): string {
  return `In the run "${task}" of play "${play}" sets it by ${by}, from there on.  ${at}\n`;
}
