import { quote } from '../shell/quote.ts';

/** Hosts that a pattern names one by one; more are folded into a regular expression. */
const listedHosts = 10;

interface Family {
  readonly prefix: string;
  readonly suffix: string;
  /** By their numbers. */
  readonly names: readonly string[];
  /** The digits in which the names differ, in the same order; none for a name without a number. */
  readonly digits: readonly string[];
}

/** Names of hosts as people write them: `h3, h7`; from three of a kind on `hv[1-20,35]`. */
export function foldNames(names: readonly string[]): string {
  return familiesOf(names)
    .flatMap(({ prefix, suffix, digits, names: own }) =>
      own.length < 3 ? own : [`${prefix}[${rangesOf(digits).join(',')}]${suffix}`],
    )
    .join(', ');
}

/**
 * A pattern for `-l` that names these hosts, quoted for a shell: `h3,h7`, or `'~^(?:hv(?:1|2|…))$'`
 * for many.
 */
export function limitOf(names: readonly string[]): string {
  if (names.length <= listedHosts) return quote(names.join(','));
  const kinds = familiesOf(names).map(({ prefix, suffix, digits, names: [only = ''] }) =>
    digits.length === 0 ? literal(only) : `${literal(prefix)}(?:${digits.join('|')})${literal(suffix)}`,
  );
  return quote(`~^(?:${kinds.join('|')})$`);
}

/**
 * A text as it is for all hosts: `<host>` takes the place of its host's name. A name that may well
 * be a word of the text, without digit, dot or dash, stays.
 */
export function withoutHost(text: string, host: string): string {
  if (!/[\d.-]/.test(host)) return text;
  return text.replaceAll(new RegExp(`(?<![\\p{L}\\d])${literal(host)}(?![\\p{L}\\d])`, 'gu'), '<host>');
}

/** A name around one of its numbers. */
interface Cut {
  readonly name: string;
  readonly prefix: string;
  readonly digits?: string;
  readonly suffix: string;
  /** What the names of a family have in common. */
  readonly kind: string;
}

/** The cuts of a name, one at each number; a name without a number is one of its own. */
function cutsOf(name: string): readonly Cut[] {
  const cuts = [...name.matchAll(/\d+/g)].map(({ 0: digits, index }) => {
    const [prefix, suffix] = [name.slice(0, index), name.slice(index + digits.length)];
    return { name, prefix, digits, suffix, kind: `${prefix}\0${suffix}` };
  });
  return cuts.length > 0 ? cuts : [{ name, prefix: name, suffix: '', kind: name }];
}

/**
 * Names that differ in one number alone, together, in the order of their first. Of several numbers
 * in a name (hv1.fra2) the one counts in which most names differ, and else the first.
 */
function familiesOf(names: readonly string[]): readonly Family[] {
  const sizes = Map.groupBy(names.flatMap(cutsOf), ({ kind }) => kind);
  const sizeOf = ({ kind }: Cut) => sizes.get(kind)?.length ?? 0;
  const parts = names.map(name => cutsOf(name).reduce((best, cut) => (sizeOf(cut) > sizeOf(best) ? cut : best)));
  return [...Map.groupBy(parts, ({ kind }) => kind).values()].map(members => {
    const sorted = members.toSorted((one, other) => Number(one.digits ?? 0) - Number(other.digits ?? 0));
    return {
      prefix: members[0]?.prefix ?? '',
      suffix: members[0]?.suffix ?? '',
      names: sorted.map(({ name }) => name),
      digits: sorted.flatMap(({ digits }) => digits ?? []),
    };
  });
}

function rangesOf(digits: readonly string[]): readonly string[] {
  const runs: string[][] = [];
  for (const item of digits) {
    const run = runs.at(-1);
    if (run && follows(run.at(-1) ?? '', item)) run.push(item);
    else runs.push([item]);
  }
  return runs.flatMap(run => (run.length < 3 ? run : [`${run[0]}-${run.at(-1)}`]));
}

/** Whether one number comes right after another that is written with as many zeros before it. */
function follows(one: string, next: string): boolean {
  const isPadded = one.startsWith('0') || next.startsWith('0');
  return Number(next) === Number(one) + 1 && (!isPadded || one.length === next.length);
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
