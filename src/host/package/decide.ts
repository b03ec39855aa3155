import { change, type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import type { Resource } from '../../shell/answer.ts';
import { applyPackages } from './apply.ts';
import { isWhole, type PackageArguments } from './arguments.ts';
import type { PackageState } from './packages.ts';
import type { Move } from './plan.ts';

/** What packages come to, from what the package manager says. */
export function decidePackages(args: PackageArguments, state: PackageState): Decision<PackageState> {
  const { name, update_cache } = args;
  const old = update_cache && state.age >= args.cache_valid_time;
  const result = { packages: Object.fromEntries(state.installed), cache_updated: false };
  const names = name.filter(spec => concerned(args, state, spec));
  // Lists alone, or for the newest version: then their age itself is what differs.
  const refresh = old && args.state !== 'absent' && (names.length > 0 || name.length === 0);
  if (names.length === 0 && !isWhole(args) && !refresh) return ok(okReason(args), { result });
  const { failure } = state;
  if (failure !== undefined && !refresh) return refuseFailure(args, { ...state, failure }, names);
  if (failure === undefined && state.moves.length === 0 && !refresh) {
    return ok(nothingReason(args), { result });
  }
  const gone = state.moves.filter(move => move.action === 'remove');
  if (args.state !== 'absent' && gone.length > 0 && !args.allow_removal) return refuseRemoval(names, gone);
  const older = state.moves.filter(move => move.older);
  if (args.dnf && !args.dnf.allow_downgrade && older.length > 0) return refuseDowngrade(older);
  return change([refresh && 'package lists are old', reasonOf(args, state)].filter(Boolean).join(', '), {
    diff: diffOf(state, names, refresh),
    apply: applyPackages(state.manager, args, names, refresh),
    creates: resources(state.moves, 'install', failure === undefined ? [] : names),
    alters: resources(state.moves, 'upgrade'),
    removes: resources(state.moves, 'remove'),
    ...(refresh && args.cache_valid_time < minute && { verify: { proves: provesFetched(args) } }),
    result: { ...result, cache_updated: refresh },
  });
}

const minute = 60;

/** Lists that may have no age at all are a second old when they are looked at. */
function provesFetched(args: PackageArguments): (after: PackageState) => string | undefined {
  return after => {
    const next = decidePackages({ ...args, cache_valid_time: minute }, after);
    return next.kind === 'ok' ? undefined : next.kind === 'change' ? next.reason : next.message;
  };
}

function nothingReason({ state, apt, dnf }: PackageArguments): string {
  if (apt?.deb !== undefined) return 'is installed';
  if (apt?.upgrade !== undefined || dnf?.upgrade) return 'there is nothing to upgrade';
  if (state === 'latest') return 'is the newest version';
  if (apt?.only_upgrade) return 'is not installed, and only upgrades are asked for';
  return apt?.autoremove ? 'there is nothing to remove' : 'is provided by what is installed';
}

function concerned({ state, dnf }: PackageArguments, { installed }: PackageState, spec: string): boolean {
  if (state === 'latest' && !dnf?.update_only) return true;
  const [base = '', version] = spec.split('=');
  const there = installed.get(base.replace(/\/.*/, '')) ?? installed.get(spec);
  const right = there !== undefined && (version === undefined || there === version || installed.has(spec));
  return state === 'present' ? !right : there !== undefined;
}

function okReason({ name, state, dnf }: PackageArguments): string {
  if (name.length === 0) return 'the package lists are fresh';
  const verb = name.length === 1 ? 'is' : 'are';
  if (state === 'latest' && dnf?.update_only) return `${verb} not installed, and only upgrades are asked for`;
  return state === 'absent' ? `${verb} not installed` : `${verb} installed`;
}

function reasonOf({ state, name, apt }: PackageArguments, { moves }: PackageState): string | undefined {
  const counts = (['install', 'upgrade', 'remove'] as const).map(
    action => [action, moves.filter(move => move.action === action).length] as const,
  );
  const done = { install: 'to install', upgrade: 'to upgrade', remove: 'to remove' };
  const texts = counts.filter(([, count]) => count > 0).map(([action, count]) => `${count} ${done[action]}`);
  if (texts.length > 0) return texts.join(', ');
  return name.length === 0 && !apt?.deb && !apt?.upgrade
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
            before: known.flatMap(wasThere).join(''),
            after:
              known.flatMap(({ name, to }) => (to === undefined ? [] : [`${name} ${to}\n`])).join('') +
              guessed.join(''),
          },
        ]
      : []),
  ];
}

/** A removal without a version is a purge of the configuration that an earlier removal has left. */
function wasThere({ action, name, from }: Move): string[] {
  if (from !== undefined) return [`${name} ${from}\n`];
  return action === 'remove' ? [`${name} (configuration files)\n`] : [];
}

function resources(moves: readonly Move[], action: Move['action'], more: readonly string[] = []): Resource[] {
  const names = moves.filter(move => move.action === action).map(move => move.name.replace(/:[a-z0-9]+$/, ''));
  return [...new Set([...names, ...more])].map(name => ({ kind: 'package', name }));
}

function refuseFailure(
  args: PackageArguments,
  { manager, failure }: PackageState & { readonly failure: string },
  names: readonly string[],
): Refuse {
  const needs: Resource[] = names.map(name => ({ kind: 'package', name: name.replace(/[=/].*$/, '') }));
  if (args.apt?.deb !== undefined) needs.push({ kind: 'path', name: args.apt.deb });
  return refuse(`${manager} cannot do that: ${failure}`, adviceFor(args, failure), { needs });
}

function adviceFor({ update_cache, apt, dnf }: PackageArguments, failure: string): string {
  if (dnf && /conflict/.test(failure)) return 'If what is in the way may go, say allowerasing: true.';
  if (apt && /downgraded/.test(failure)) return 'If the older version is meant, say allow_downgrade: true.';
  if (apt && /Held packages/.test(failure))
    return 'Somebody holds the package (apt-mark showhold): ask why, and apt-mark unhold it.';
  if (apt?.deb !== undefined)
    return 'Is the file there, and a Debian package? Bring it to the host first (get_url, copy).';
  return update_cache
    ? 'Correct the name, or add the repository that has it.'
    : 'Correct the name, or say update_cache: true if the lists are old.';
}

function refuseRemoval(names: readonly string[], gone: readonly Move[]): Refuse {
  return refuse(
    `to install ${names.join(', ')}, these would be removed: ${gone.map(move => move.name).join(', ')}`,
    'If they may go, say allow_removal: true, or remove them first (state: absent).',
  );
}

function refuseDowngrade(older: readonly Move[]): Refuse {
  return refuse(
    `these would become older: ${older.map(({ name, to }) => `${name} ${to}`).join(', ')}`,
    'If the older version is meant, say allow_downgrade: true.',
  );
}
