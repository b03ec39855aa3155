import type { Decision, Refuse, Resource } from '../module.ts';
import { applyPackages } from './apply.ts';
import type { Move } from './plan.ts';
import type { PackageArguments } from './probe.ts';
import type { PackageState } from './read.ts';

/** What packages come to, from what the package manager says. */
export function decidePackages(args: PackageArguments, state: PackageState): Decision {
  const { name, update_cache } = args;
  const old = update_cache && state.age > args.cache_valid_time;
  const result = { packages: Object.fromEntries(state.installed), cache_updated: false };
  const names = name.filter(spec => concerned(args, state, spec));
  // Lists alone, or for the newest version: then their age itself is what differs.
  const refresh = old && args.state !== 'absent' && (names.length > 0 || name.length === 0);
  if (names.length === 0 && !refresh) return { kind: 'ok', reason: okReason(args), result };
  if (state.failure !== undefined && !refresh) return refuseFailure(args, state, names);
  if (state.failure === undefined && state.moves.length === 0 && !refresh) {
    return {
      kind: 'ok',
      reason: args.state === 'latest' ? 'is the newest version' : 'is provided by what is installed',
      result,
    };
  }
  const gone = state.moves.filter(move => move.action === 'remove');
  if (args.state !== 'absent' && gone.length > 0 && !args.allow_removal) return refuseRemoval(names, gone);
  return {
    kind: 'change',
    reason: [refresh && 'package lists are old', reasonOf(args, state)].filter(Boolean).join(', '),
    diff: diffOf(state, names, refresh),
    apply: applyPackages(state.manager, args, names, refresh),
    creates: resources(state.moves, 'install', state.failure === undefined ? [] : names),
    alters: resources(state.moves, 'upgrade'),
    removes: resources(state.moves, 'remove'),
    result: { ...result, cache_updated: refresh },
  };
}

function concerned({ state }: PackageArguments, { installed }: PackageState, spec: string): boolean {
  if (state === 'latest') return true;
  const [base = '', version] = spec.split('=');
  const there = installed.get(base.replace(/\/.*/, '')) ?? installed.get(spec);
  const right = there !== undefined && (version === undefined || there === version || installed.has(spec));
  return state === 'present' ? !right : there !== undefined;
}

function okReason({ name, state }: PackageArguments): string {
  if (name.length === 0) return 'the package lists are fresh';
  const verb = name.length === 1 ? 'is' : 'are';
  return state === 'absent' ? `${verb} not installed` : `${verb} installed`;
}

function reasonOf({ state, name }: PackageArguments, { moves }: PackageState): string | undefined {
  const counts = (['install', 'upgrade', 'remove'] as const).map(
    action => [action, moves.filter(move => move.action === action).length] as const,
  );
  const done = { install: 'to install', upgrade: 'to upgrade', remove: 'to remove' };
  const texts = counts.filter(([, count]) => count > 0).map(([action, count]) => `${count} ${done[action]}`);
  if (texts.length > 0) return texts.join(', ');
  return name.length === 0
    ? undefined
    : state === 'absent'
      ? 'is installed'
      : 'what would be installed is known after that';
}

function diffOf({ moves, failure }: PackageState, names: readonly string[], refresh: boolean) {
  const known = moves.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const guessed = failure === undefined ? [] : names.map(name => `${name}\n`);
  return [
    ...(refresh ? [{ subject: 'package lists', before: 'old\n', after: 'fetched\n' }] : []),
    ...(known.length + guessed.length > 0
      ? [
          {
            subject: 'packages',
            before: known.flatMap(({ name, from }) => (from === undefined ? [] : [`${name} ${from}\n`])).join(''),
            after:
              known.flatMap(({ name, to }) => (to === undefined ? [] : [`${name} ${to}\n`])).join('') +
              guessed.join(''),
          },
        ]
      : []),
  ];
}

function resources(moves: readonly Move[], action: Move['action'], more: readonly string[] = []): Resource[] {
  const names = moves.filter(move => move.action === action).map(move => move.name.replace(/:[a-z0-9]+$/, ''));
  return [...new Set([...names, ...more])].map(name => ({ kind: 'package', name }));
}

function refuseFailure(
  { update_cache }: PackageArguments,
  { manager, failure }: PackageState,
  names: readonly string[],
): Refuse {
  return {
    kind: 'refuse',
    message: `${manager} cannot do that: ${failure}`,
    advice: update_cache
      ? 'Correct the name, or add the repository that has it.'
      : 'Correct the name, or say update_cache: true if the lists are old.',
    needs: names.map(name => ({ kind: 'package', name: name.replace(/[=/].*$/, '') })),
  };
}

function refuseRemoval(names: readonly string[], gone: readonly Move[]): Refuse {
  return {
    kind: 'refuse',
    message: `to install ${names.join(', ')}, these would be removed: ${gone.map(move => move.name).join(', ')}`,
    advice: 'If they may go, say allow_removal: true, or remove them first (state: absent).',
  };
}
