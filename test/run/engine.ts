import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { noPasswords, type Passwords } from '../../src/connections/passwords.ts';
import type { NumberedEvent, TaskResult } from '../../src/events/event.ts';
import { eventSchema } from '../../src/events/event-schema.ts';
import type { Hazard } from '../../src/events/result.ts';
import type { Line } from '../../src/events/run-start.ts';
import { createStream } from '../../src/events/stream.ts';
import type { FactGroup } from '../../src/facts/fact.ts';
import { surveyInventory } from '../../src/inventory/read-inventory.ts';
import { parsePlaybook } from '../../src/language/parse/parse-playbook.ts';
import { parseYaml } from '../../src/language/yaml.ts';
import { modules } from '../../src/modules/index.ts';
import type { AnyModule } from '../../src/modules/module.ts';
import { preflight } from '../../src/plan/check/preflight.ts';
import { makePlan } from '../../src/plan/make/make-plan.ts';
import type { TagSelection } from '../../src/plan/tags.ts';
import { actions } from '../../src/run/actions/index.ts';
import { run } from '../../src/run/run.ts';
import { defaultLookAhead } from '../../src/run/state/look-ahead.ts';
import type { Recorded } from '../../src/run/state/recorded.ts';
import type { Review } from '../../src/run/state/review.ts';
import { maskSecrets } from '../../src/values/mask-secrets.ts';
import { about } from './about.ts';

export interface EngineOptions {
  /** Inventory sources; `h1,` on the local connection without. */
  readonly inventory?: readonly string[];
  /** What the command line says; `as it comes` is nothing. */
  readonly connection?: 'ssh' | 'local' | 'as it comes';
  /** Modules in addition to those that ship. */
  readonly modules?: readonly AnyModule[];
  readonly facts?: readonly FactGroup[];
  readonly check?: boolean;
  readonly allow?: readonly Hazard[];
  readonly passwords?: Passwords;
  readonly vars?: Readonly<Record<string, unknown>>;
  /** Names of `vars` that the command line gave as texts. */
  readonly texts?: readonly string[];
  readonly signal?: AbortSignal;
  /** Settles when the run is to end at once. */
  readonly cut?: Promise<void>;
  /** Hosts at once. */
  readonly forks?: number;
  readonly lookAhead?: number;
  readonly forceHandlers?: boolean;
  readonly limit?: string;
  readonly tags?: TagSelection;
  /** Folders of roles. */
  readonly roles?: readonly string[];
  /** The run's id; two runs of one id are one to the lock. */
  readonly run?: string;
  /** Where it is among runs that continue each other; the only one without. */
  readonly line?: Line;
  /** Texts that no event may show. */
  readonly secrets?: readonly string[];
  readonly onEvent?: (event: NumberedEvent) => void;
  /** Settles once what was told so far is kept. */
  readonly kept?: () => Promise<void>;
  /** The run that it continues. */
  readonly recorded?: Recorded;
  readonly review?: Review;
}

export interface EngineRun {
  readonly exitCode: number;
  readonly events: readonly NumberedEvent[];
  /** The results of a task by its name, by host, in the order of the hosts' names. */
  readonly results: (task: string) => Readonly<Record<string, TaskResult>>;
  /** The result of a task on the only host. */
  readonly result: (task: string) => TaskResult;
  /** `host: task status` in the order in which tasks ended. */
  readonly story: readonly string[];
  readonly counts: (host?: string) => Readonly<Record<string, number>>;
}

/**
 * Runs a playbook's text through the whole engine: parsed, planned, checked, carried out on real
 * shells.
 */
export async function play(text: string, options: EngineOptions = {}): Promise<EngineRun> {
  const all = [...modules, ...(options.modules ?? [])];
  const names = new Set([...all, ...actions].map(({ name }) => name));
  const playbook = parsePlaybook('./test.yml', () => parseYaml(text, 'test.yml'), { modules: names });
  const survey = surveyInventory(options.inventory ?? ['h1,']);
  const { inventory } = survey;
  const check = options.check ?? false;
  const draft = makePlan([playbook], survey, {
    ...(options.limit === undefined ? {} : { limit: options.limit }),
    tags: options.tags ?? { only: [], skip: [] },
    extraVars: { values: options.vars ?? {}, texts: new Set(options.texts) },
    rolePath: options.roles ?? [],
    sharedTemplates: [],
    become: {},
    vocabulary: { modules: names },
  });
  const plan = preflight(draft, {
    inventory,
    catalogue: new Map([...all, ...actions].map(item => [item.name, item])),
    check,
    ...(options.facts && { facts: options.facts }),
  });
  const events: NumberedEvent[] = [];
  const take = (event: NumberedEvent) => {
    events.push(event);
    options.onEvent?.(event);
  };
  const secrets = new Set(options.secrets);
  const id = options.run ?? 'test';
  const exitCode = await run(plan, {
    about,
    identity: { id, who: `someone@${id}`, line: options.line ?? { id, number: 1 } },
    inventory,
    readInventory: () => inventory,
    forceHandlers: options.forceHandlers ?? false,
    modules: all,
    actions,
    facts: options.facts ?? [],
    check,
    forks: options.forks ?? 50,
    lookAhead: options.lookAhead ?? defaultLookAhead,
    allowed: options.allow ?? [],
    verbosity: 0,
    detailedExitCode: false,
    connection: { ...connectionOf(options), hostKeys: 'strict', timeout: 10 },
    passwords: options.passwords ?? noPasswords,
    events: createStream([take], maskSecrets(secrets), options.kept),
    ...(options.recorded && { recorded: options.recorded }),
    ...(options.review && { review: options.review }),
    secrets,
    signal: options.signal ?? new AbortController().signal,
    dry: new Promise(() => undefined),
    cut: options.cut ?? new Promise(() => undefined),
  });
  for (const event of events) {
    if (!isEvent(event)) throw new Error(`not as schemas/events.json has it: ${JSON.stringify(event)}`);
  }
  return view(exitCode, events);
}

const isEvent = new Ajv({ strict: false }).compile(eventSchema());

function connectionOf({ connection = 'local' }: EngineOptions): { readonly connection?: 'ssh' | 'local' } {
  return connection === 'as it comes' ? {} : { connection };
}

function view(exitCode: number, events: readonly NumberedEvent[]): EngineRun {
  const finished = events.filter(event => event.type === 'task.finished');
  function results(task: string): Readonly<Record<string, TaskResult>> {
    const ofTask = finished.filter(event => event.task.name === task);
    const byHost = ofTask.toSorted((one, other) => one.host.localeCompare(other.host));
    return Object.fromEntries(byHost.map(event => [event.host, event.result]));
  }
  function result(task: string): TaskResult {
    const [only] = Object.values(results(task));
    if (!only) throw new Error(`no task "${task}" ran: ${finished.map(event => event.task.name).join(', ')}`);
    return only;
  }
  const last = events.findLast(event => event.type === 'run.finished');
  return {
    exitCode,
    events,
    results,
    result,
    story: finished.map(event => `${event.host}: ${event.task.name} ${event.result.status}`),
    counts: (host = Object.keys(last?.hosts ?? {})[0]!) => ({ ...last?.hosts[host] }),
  };
}

/** A folder of its own for each test of a suite; `path('x')` is a file in it. */
export function temporaryFolder(): { readonly path: (name: string) => string } {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hw-run-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return { path: name => join(folder, name) };
}
