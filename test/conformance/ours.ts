import { join } from 'node:path';
import { catalogue, vocabulary } from '../../src/commands/shared/catalogue.ts';
import { readExtraVars } from '../../src/commands/shared/extra-vars.ts';
import { noPasswords } from '../../src/connections/passwords.ts';
import { HostwrightError } from '../../src/errors.ts';
import type { Counts } from '../../src/events/event.ts';
import { createStream } from '../../src/events/stream.ts';
import { factGroups } from '../../src/facts/index.ts';
import { surveyInventory } from '../../src/inventory/read-inventory.ts';
import { readPlaybook } from '../../src/language/parse/parse-playbook.ts';
import { modules } from '../../src/modules/index.ts';
import { preflight } from '../../src/plan/check/preflight.ts';
import { makePlan } from '../../src/plan/make/make-plan.ts';
import { actions } from '../../src/run/actions/index.ts';
import { run } from '../../src/run/run.ts';
import { defaultLookAhead } from '../../src/run/state/look-ahead.ts';
import { about } from '../run/about.ts';
import { type Case, exitOf, type Outcome, type Outcomes, type Recap } from './case.ts';
import { layOut, type Sandbox } from './sandbox.ts';

/** Runs a case with Hostwright, on the local connection or that of `connection`. */
export async function runOurs(
  given: Case,
  connection: (host: string) => string = () => 'ansible_connection=local',
): Promise<Outcomes> {
  const sandbox = await layOut(given, connection);
  const fresh = given.check ? await layOut(given, connection) : undefined;
  try {
    const first = await play(given, sandbox, false);
    sandbox.forgetOrder();
    const again = await play(given, sandbox, false);
    return { first, again, ...(fresh ? { check: await play(given, fresh, true) } : {}) };
  } finally {
    await sandbox.remove();
    await fresh?.remove();
  }
}

async function play(given: Case, { effects, project }: Sandbox, check: boolean): Promise<Outcome> {
  try {
    const hosts = await playAll(given, project, check);
    return { exit: exitOf(hosts), hosts, ...effects() };
  } catch (error) {
    if (!(error instanceof HostwrightError)) throw error;
    if (process.env.SHOW) process.stderr.write(`${error.message}\n${error.hint ?? ''}\n`);
    return { exit: error.exitCode, hosts: {}, ...effects(), order: {} };
  }
}

async function playAll(given: Case, project: string, check: boolean): Promise<Record<string, Recap>> {
  const options = optionsOf(given.arguments ?? []);
  const survey = surveyInventory([join(project, 'inventory')], [project]);
  const { inventory } = survey;
  const draft = makePlan([readPlaybook(join(project, 'site.yml'), vocabulary)], survey, {
    ...(options.limit === undefined ? {} : { limit: options.limit }),
    tags: { only: options.tags, skip: options.skip },
    extraVars: readExtraVars(options.extraVars),
    ...{ rolePath: [], sharedTemplates: [], become: {}, vocabulary },
  });
  const plan = preflight(draft, { inventory, catalogue, check });
  const recaps: Record<string, Recap> = {};
  const events = createStream(
    [
      event => {
        if (process.env.SHOW && event.type === 'task.finished')
          process.stderr.write(`${event.host} ${event.task.name}: ${event.result.status} ${event.result.message}\n`);
        if (event.type === 'host.finished') recaps[event.host] = recapOf(event.counts);
      },
    ],
    text => text,
  );
  await run(plan, {
    ...{
      about: { ...about, title: given.it },
      identity: { id: 'test', who: 'a test', line: { id: 'test', number: 1 } },
      inventory,
      readInventory: () => inventory,
    },
    ...{
      modules,
      actions,
      facts: factGroups,
      check,
      forks: 5,
      lookAhead: defaultLookAhead,
      allowed: [],
      forceHandlers: options.forceHandlers,
    },
    ...{
      verbosity: 0,
      detailedExitCode: false,
      connection: { hostKeys: 'strict', timeout: 10 },
      passwords: noPasswords,
    },
    ...{ events, secrets: new Set(), signal: new AbortController().signal },
    ...{ dry: new Promise(() => undefined), cut: new Promise(() => undefined) },
  });
  return recaps;
}

function optionsOf(words: string[]): {
  tags: string[];
  skip: string[];
  limit?: string;
  extraVars: string[];
  forceHandlers: boolean;
} {
  const after = (...names: string[]) => words.flatMap((word, at) => (names.includes(word) ? [words[at + 1]!] : []));
  const list = (...names: string[]) => after(...names).flatMap(text => text.split(','));
  const [limit] = after('-l');
  return {
    ...{
      tags: list('-t'),
      skip: list('--skip-tags'),
      extraVars: after('-e'),
      forceHandlers: words.includes('--force-handlers'),
    },
    ...(limit === undefined ? {} : { limit }),
  };
}

function recapOf({ ok, changed, unreachable, failed, skipped, rescued, ignored }: Counts): Recap {
  return { ok, changed, unreachable, failed, skipped, rescued, ignored };
}
