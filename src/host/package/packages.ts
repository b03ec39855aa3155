import { accept, CannotTell } from '../../shell/answer.ts';
import { all, type Look, later, look, map, own, printed, within } from '../../shell/look.ts';
import type { Output } from '../../shell/script.ts';
import { isWhole, type PackageArguments } from './arguments.ts';
import { type Manager, type Move, parsePlan } from './plan.ts';
import { askAge, askInstalled, askManager, askPlan } from './questions.ts';

export interface PackageState {
  readonly manager: Manager;
  /** Versions of the named packages that are there. */
  readonly installed: ReadonlyMap<string, string>;
  /** What the manager would do; or, where its dry run failed, why. */
  readonly moves: readonly Move[];
  readonly failure: string | undefined;
  /** Seconds since the package lists were fetched. */
  readonly age: number;
}

/**
 * What is installed, and what the manager of the host would do, by its own dry run.
 * @throws CannotTell
 */
export function packages(args: PackageArguments): Look<PackageState> {
  const named = args.name.length > 0;
  const looks = all({
    manager: managerOf(args),
    installed: named ? installedPackages(args) : undefined,
    plan: named || isWhole(args) ? planned(args) : undefined,
    age: args.update_cache ? later(listAge(args)) : undefined,
  });
  const seen = map(looks, ({ manager, installed, plan, age }) => ({
    manager,
    age: age?.() ?? 0,
    installed: installed?.(manager) ?? new Map<string, string>(),
    ...(plan?.(manager) ?? { moves: [], failure: undefined }),
  }));
  return within(120, seen);
}

function managerOf(args: PackageArguments): Look<Manager> {
  return map(printed('sh', askManager(args)), text => {
    const manager = text.trim();
    if (manager === 'apt-get' || manager === 'dnf' || manager === 'apk') return manager;
    if (args.manager) throw noManager(args.manager);
    throw new CannotTell('this host has no apt-get, dnf or apk', {
      advice: 'Use command for another package manager.',
    });
  });
}

function noManager(manager: Manager): CannotTell {
  return new CannotTell(`this host has no ${manager}`, {
    advice: 'Use the module package, which takes the manager that is there.',
    needs: [{ kind: 'program', name: manager }],
  });
}

/** The versions of the packages that are there, once the manager is known. */
function installedPackages(args: PackageArguments) {
  return look({ [own]: askInstalled(args) }, answer => (manager: Manager) => {
    const program = manager === 'apt-get' ? 'dpkg-query' : manager;
    return versionsIn(accept(answer, own, [0, 1], program), manager);
  });
}

function versionsIn(found: Output, manager: Manager): ReadonlyMap<string, string> {
  const other = found.stderr
    .split('\n')
    .filter(line => line !== '' && !/no packages? (found|provides)|is not installed|^WARNING/.test(line));
  if (manager === 'apt-get' && other.length > 0) {
    throw new CannotTell(`dpkg-query could not read what is installed: ${other.join('; ')}`, {
      advice: 'See dpkg --audit.',
    });
  }
  const lines = found.stdout.split('\n').filter(line => line !== '');
  return new Map(
    lines.map(line => {
      const at = line.lastIndexOf('=');
      if (at < 1)
        throw new CannotTell(`the list of installed packages has a line that cannot be read: ${JSON.stringify(line)}`);
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}

/** What the manager would do, or why its dry run failed, once the manager is known. */
function planned(args: PackageArguments) {
  return look({ [own]: askPlan(args) }, answer => (manager: Manager) => planIn(answer[own], manager));
}

function planIn(plan: Output | undefined, manager: Manager): Pick<PackageState, 'moves' | 'failure'> {
  if (!plan) throw new CannotTell(`${manager} gave no answer`);
  const moves = parsePlan(manager, plan.stdout);
  // dnf leaves with 1 because the question whether to go on was answered with no.
  if (plan.code === 0 || (manager === 'dnf' && moves.length > 0)) return { moves, failure: undefined };
  if (plan.code === 127)
    throw new CannotTell(`${manager} is not installed`, { needs: [{ kind: 'program', name: manager }] });
  const said = `${plan.stderr}\n${plan.stdout}`
    .split('\n')
    .filter(line => /^(E|Error|ERROR|No match| Problem| {2}- | {2}\S+ \(no such)/.test(line.trimEnd()));
  return { moves: [], failure: said.join('\n').trim() || plan.stderr.trim() || `exit code ${plan.code}` };
}

/** Seconds since the package lists were fetched. */
function listAge(args: PackageArguments): Look<number> {
  return map(printed('stat', askAge(args)), text => {
    const times = text.trim().split('\n').map(Number);
    const now = times.at(-1);
    if (now === undefined || !Number.isFinite(now)) throw new CannotTell('the clock of the host could not be read');
    const [fetched = 0] = times.slice(0, -1);
    return now - fetched;
  });
}
