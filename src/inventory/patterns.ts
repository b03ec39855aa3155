import picomatch from 'picomatch';
import { exitCodes, HostwrightError } from '../errors.ts';
import { suggest } from '../language/suggest.ts';
import { type HostSets, setNamesIn } from './host-sets.ts';
import type { Inventory } from './inventory.ts';

const noInventory =
  'There is no inventory: name one with -i, in hostwright.yml, or write inventory.yml next to the playbook or here.';
/** Whether an inventory has no hosts but this machine, which is always there. */
function isEmpty({ hosts }: Inventory): boolean {
  return [...hosts.keys()].every(name => name === 'localhost');
}

const seeGraph = 'See "hostwright inventory --graph" for what there is.';

/** What a pattern may name in addition to what the inventory has. */
export interface PatternOptions {
  /** Whether a run may bring a host or group of this name: then it is not an error. */
  readonly mayCome?: (name: string) => boolean;
  readonly sets?: HostSets | undefined;
}

/**
 * The hosts that a pattern names, in the inventory's order: names and groups with `*` and `?`,
 * `~regex`, several with `,` or `:`, `&x` for "and in x", `!x` for "not in x", `group[0]` and
 * `group[1:3]` by place, `@set` for a host set. Several lines are one pattern, as they are for
 * Ansible: `!x` in one of them leaves x out of all.
 * That nothing is left is not an error; that a name is in no inventory is.
 * @throws HostwrightError `pattern.nothing`, `pattern.regex`
 */
export function matchHosts(
  inventory: Inventory,
  pattern: string,
  { mayCome = () => false, sets = new Map() }: PatternOptions = {},
): readonly string[] {
  function matchOne(part: string, mayBeEmpty = false): readonly string[] {
    const [, name, first, isRange, last] = part.startsWith('~')
      ? []
      : (/^(.+?)\[(-?\d+)(?:([:-])(-?\d*))?\]$/.exec(part) ?? []);
    if (name !== undefined) {
      const hosts = matchOne(name, mayBeEmpty);
      const from = Number(first);
      if (!isRange) return hosts.slice(from, from + 1 || undefined);
      return hosts.slice(from, last ? Number(last) + 1 : undefined);
    }
    const set = part.startsWith('@') ? sets.get(part.slice(1)) : undefined;
    if (set) return 'hosts' in set ? set.hosts : matchHosts(inventory, set.patterns, { mayCome });
    const found = namedBy(inventory, part);
    // A group that is there and empty is not a mistake of the pattern.
    if (found.length > 0 || isAll(part) || inventory.groups.has(part) || inventory.hosts.has(part)) return found;
    // "!old*" may find nothing to leave out; a plain name that is not there is a typing error that
    // would touch a host.
    if (mayBeEmpty && /[*?[~]/.test(part)) return found;
    if (mayCome(part)) return found;
    const known = [...inventory.hosts.keys(), ...inventory.groups.keys()];
    const of = part === pattern ? '' : ` (of "${pattern.replaceAll('\n', ', ')}")`;
    throw new HostwrightError('pattern.nothing', `No host or group is named "${part}"${of}.`, {
      hint: suggest(part, known) ?? (isEmpty(inventory) ? noInventory : seeGraph),
      exitCode: exitCodes.usage,
    });
  }

  const parts = splitPatterns(pattern, [...inventory.hosts.keys()]);
  const plain = parts.filter(part => !/^[&!]/.test(part));
  const chosen = new Set((plain.length > 0 ? plain : ['all']).flatMap(part => matchOne(part)));
  for (const part of parts.filter(item => item.startsWith('&'))) {
    const both = new Set(matchOne(part.slice(1)));
    for (const host of chosen) if (!both.has(host)) chosen.delete(host);
  }
  for (const part of parts.filter(item => item.startsWith('!'))) {
    for (const host of matchOne(part.slice(1), true)) chosen.delete(host);
  }
  return [...inventory.hosts.keys(), 'localhost'].filter(
    (host, at, all) => chosen.has(host) && all.indexOf(host) === at,
  );
}

/**
 * The hosts that a limit leaves of an inventory.
 * @throws HostwrightError `limit.empty` where it leaves none, `pattern.…`
 */
export function limitedHosts(inventory: Inventory, limit: string, sets: HostSets | undefined): readonly string[] {
  const hosts = matchHosts(inventory, limit, { sets });
  if (hosts.length > 0) return hosts;
  throw new HostwrightError('limit.empty', `The limit "${limit}" leaves no host of the inventory.`, {
    hint: seeGraph,
    exitCode: exitCodes.usage,
  });
}

/** The parts of patterns, of which each line has one. */
function splitPatterns(patterns: string, hosts: readonly string[]): readonly string[] {
  return patterns.split('\n').flatMap(pattern => splitPattern(pattern, hosts));
}

function splitPattern(pattern: string, hosts: readonly string[]): readonly string[] {
  if (/^~/.test(pattern)) return [pattern];
  // The colons of an IPv6 address separate nothing, nor does that of a host set.
  const addresses = hosts.filter(host => host.includes(':'));
  const whole = [...addresses, ...setNamesIn(pattern)].toSorted((a, b) => b.length - a.length);
  const masked = whole.reduce((text, host) => text.replaceAll(host, host.replaceAll(':', '\0')), pattern);
  if (/^[0-9a-f:]*::[0-9a-f:]*$/.test(masked)) return [pattern];
  const separator = masked.includes(',') ? /\s*,\s*/ : /:(?![^[]*\])/;
  const parts = masked.split(separator).map(part => part.trim().replaceAll('\0', ':'));
  return parts.filter(part => part !== '');
}

function namedBy(inventory: Inventory, part: string): readonly string[] {
  const wanted = isAll(part) ? () => true : part.startsWith('~') ? regex(part.slice(1)) : glob(part);
  const groups = [...inventory.groups.keys()].filter(wanted);
  const hosts = [...inventory.hosts.values()].filter(
    ({ name, groups: own }) => wanted(name) || own.some(group => groups.includes(group)) || groups.includes('all'),
  );
  if (hosts.length === 0 && part === 'localhost') return ['localhost'];
  return hosts.map(({ name }) => name);
}

function isAll(part: string): boolean {
  return part === 'all' || part === '*';
}

/** Whether a name is the one that is given, in which `*` and `?` have their meaning. */
export function glob(text: string): (name: string) => boolean {
  const match = picomatch(text, { nonegate: true, noextglob: true, bash: true, dot: true });
  return name => match(name);
}

function regex(text: string): (name: string) => boolean {
  let compiled: RegExp;
  try {
    compiled = new RegExp(text);
  } catch (cause) {
    throw new HostwrightError('pattern.regex', `"~${text}" is not a valid regular expression.`, {
      exitCode: exitCodes.usage,
      cause,
    });
  }
  return name => compiled.test(name);
}
