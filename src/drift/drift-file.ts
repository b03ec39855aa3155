import { HostwrightError } from '../errors.ts';
import { collectProblems, type Problems } from '../language/problems.ts';
import { inside, type Part, type Position, positionOf } from '../language/source.ts';
import { readYaml } from '../language/yaml.ts';

/** An entry of drift.yml: deviations that are accepted for now. */
export interface Entry {
  /** The hosts that it is for; absent where it is for all. */
  readonly hosts?: ReadonlySet<string>;
  readonly role?: string;
  readonly task?: string;
  readonly module?: string;
  readonly subject?: string;
  /** The last day that it counts: `2026-12-31`. */
  readonly until: string;
  readonly reason: string;
  readonly at: Position;
}

type Written = Omit<Entry, 'hosts' | 'at'> & { readonly hosts?: string };

const text = { type: 'string', minLength: 1 } as const;

/** The form of drift.yml. */
export const driftFileSchema = {
  type: 'array',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['until', 'reason'],
    properties: {
      hosts: { ...text, description: 'A pattern of hosts; without it, all of them.' },
      role: { ...text, description: 'The role of the task.' },
      task: { ...text, description: 'The name of the task.' },
      module: { ...text, description: 'The module of the task.' },
      subject: { ...text, description: 'What deviates, as drift shows it: a path, a domain.' },
      until: {
        type: 'string',
        pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
        description: 'The last day that it is accepted, such as 2026-12-31.',
      },
      reason: { ...text, description: 'Why it is accepted.' },
    },
  },
} as const;

/** What an entry is held against. */
export interface Held {
  /** The day that it is now, as `2026-12-31`. */
  readonly today: string;
  /** The hosts that a pattern names. @throws HostwrightError */
  readonly hostsOf: (pattern: string) => readonly string[];
}

/**
 * Reads drift.yml.
 * @throws InvalidInput with everything that is wrong with it, expired entries among that
 */
export function readDriftFile(file: string, held: Held): readonly Entry[] {
  const source = readYaml(file);
  const problems = collectProblems();
  const value = source.value ?? [];
  problems.schema(driftFileSchema, value, { source, path: [] });
  problems.throwIfAny();
  const entries = (value as readonly Written[]).map((written, index) =>
    entryOf(written, { source, path: [index] }, { ...held, problems }),
  );
  problems.throwIfAny();
  return entries;
}

function entryOf(written: Written, part: Part, { problems, today, hostsOf }: Held & { problems: Problems }): Entry {
  const { hosts: pattern, ...rest } = written;
  if ([rest.role, rest.task, rest.module].every(word => word === undefined))
    problems.add(part, '"role", "task" or "module" is missing', 'Say what is accepted: "role: sshd".');
  if (rest.until < today)
    problems.add(
      inside(part, 'until'),
      `this entry expired on ${rest.until}: "${rest.reason}"`,
      'Correct the hosts and remove the entry, or give it another date.',
    );
  const hosts = pattern === undefined ? undefined : hostsIn(pattern, inside(part, 'hosts'), { problems, hostsOf });
  return Object.freeze({ ...rest, ...(hosts && { hosts: new Set(hosts) }), at: positionOf(part) });
}

type Naming = Pick<Held, 'hostsOf'> & { readonly problems: Problems };

function hostsIn(pattern: string, part: Part, { problems, hostsOf }: Naming): readonly string[] {
  try {
    return hostsOf(pattern);
  } catch (error) {
    if (!(error instanceof HostwrightError)) throw error;
    problems.add(part, error.message, error.hint);
    return [];
  }
}
