import { parseArgs } from 'node:util';
import type { Part, Wishes } from './part.ts';
import { peers } from './peers.ts';
import { bytesOf } from './sizes.ts';

/** A command line that was read; `problem` says what is wrong with it. */
export interface Arguments {
  readonly chosen: readonly Part[];
  readonly wishes: Wishes;
  readonly docs: boolean;
  readonly json?: string;
  readonly wantsHelp: boolean;
  readonly problem?: string;
}

const options = {
  repeats: { type: 'string', default: '5' },
  'slow-repeats': { type: 'string', default: '3' },
  quick: { type: 'boolean', default: false },
  peers: { type: 'string' },
  size: { type: 'string', default: '1G' },
  rate: { type: 'string', default: '0' },
  hosts: { type: 'string' },
  json: { type: 'string' },
  docs: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** What `--help` says. */
export function help(parts: readonly Part[]): string {
  const names = parts.map(({ name, title }) => `  ${name.padEnd(15)} ${title}`).join('\n');
  return `npm run bench -- [OPTION…] [PART…]: measures Hostwright and others side by side; all parts without a name; farm stands for both sizes.

${names}

  --repeats N      how often each thing is measured (5); the median counts
  --slow-repeats N the same of Ansible, on up to 20 hosts (3); on more it runs once
  --quick          small sizes, once: to see that it works
  --peers NAME,…   of farm and distance: ${peers.map(({ name }) => name).join(', ')}
  --size SIZE      of image: how large the file is (1G)
  --rate RATE      of image: what a host, and the controller, may send in a second (0: as fast as it goes)
  --hosts N,…      of fleet and image: how many hosts (10 to 5,000; 20)
  --json FILE      everything that was measured
  --docs           write docs/bench.md; parts that did not run stay as they are
`;
}

/** Reads the words after \`npm run bench --\`. */
export function readArguments(words: readonly string[], parts: readonly Part[]): Arguments {
  const nothing = { chosen: [], wishes: wishesOf({}), docs: false, wantsHelp: false };
  try {
    const { positionals, values } = parseArgs({ args: [...words], options, allowPositionals: true });
    const means = (word: string, name: string) => name === word || name.startsWith(`${word}-`);
    const chosen = parts.filter(({ name }) => positionals.length === 0 || positionals.some(word => means(word, name)));
    const unknown = positionals.filter(word => !parts.some(({ name }) => means(word, name)));
    const problem = wrong('part', unknown, parts) ?? wrong('peer', values.peers?.split(',') ?? [], peers);
    return {
      ...{ chosen, wishes: wishesOf(values), docs: values.docs, wantsHelp: values.help },
      ...(values.json === undefined ? {} : { json: values.json }),
      ...(problem === undefined ? {} : { problem }),
    };
  } catch (error) {
    return { ...nothing, problem: error instanceof Error ? error.message : String(error) };
  }
}

function wrong(kind: string, names: readonly string[], known: readonly { name: string }[]): string | undefined {
  const unknown = names.find(name => !known.some(each => each.name === name));
  return unknown === undefined
    ? undefined
    : `There is no ${kind} "${unknown}": ${known.map(each => each.name).join(', ')}`;
}

function wishesOf(values: Readonly<Record<string, string | boolean | undefined>>): Wishes {
  const quick = values.quick === true;
  const text = (name: keyof typeof options & string, otherwise: string) => String(values[name] ?? otherwise);
  return {
    repeats: quick ? 1 : count('--repeats', text('repeats', '5')),
    slowRepeats: quick ? 1 : count('--slow-repeats', text('slow-repeats', '3')),
    quick,
    ...(values.peers === undefined ? {} : { peers: text('peers', '').split(',') }),
    ...(values.hosts === undefined
      ? {}
      : {
          hosts: text('hosts', '')
            .split(',')
            .map(each => count('--hosts', each)),
        }),
    image: { bytes: bytesOf(text('size', '1G')), rate: bytesOf(text('rate', '0')) },
  };
}

function count(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`${option} is a whole number from 1 up, and not "${text}".`);
  return number;
}
