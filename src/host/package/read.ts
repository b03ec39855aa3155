import { accept, CannotTell } from '../../shell/answer.ts';
import type { Answer } from '../../shell/script.ts';
import { type Manager, type Move, parsePlan } from './plan.ts';
import { isWhole, type PackageArguments } from './probe.ts';

export interface PackageState {
  readonly manager: Manager;
  /** Versions of the named packages that are there. */
  readonly installed: ReadonlyMap<string, string>;
  /** What the manager would do; or, where its dry run failed, why. */
  readonly moves: readonly Move[];
  readonly failure?: string;
  /** Seconds since the package lists were fetched. */
  readonly age: number;
}

/** @throws CannotTell */
export function readPackages(answer: Answer, args: PackageArguments): PackageState {
  const manager = accept(answer, 'manager', [0], 'sh').stdout.trim();
  if (manager !== 'apt-get' && manager !== 'dnf' && manager !== 'apk') {
    if (args.manager) throw noManager(args.manager);
    throw new CannotTell('this host has no apt-get, dnf or apk', {
      advice: 'Use command for another package manager.',
    });
  }
  const age = args.update_cache ? readAge(answer) : 0;
  if (args.name.length === 0 && !isWhole(args)) return { manager, installed: new Map(), moves: [], age };
  const installed = args.name.length > 0 ? readInstalled(answer, manager) : new Map<string, string>();
  const plan = answer.plan;
  if (!plan) throw new CannotTell(`${manager} gave no answer`);
  const moves = parsePlan(manager, plan.stdout);
  // dnf leaves with 1 because the question whether to go on was answered with no.
  if (plan.code === 0 || (manager === 'dnf' && moves.length > 0)) return { manager, installed, moves, age };
  if (plan.code === 127)
    throw new CannotTell(`${manager} is not installed`, { needs: [{ kind: 'program', name: manager }] });
  const failure = `${plan.stderr}\n${plan.stdout}`
    .split('\n')
    .filter(line => /^(E|Error|ERROR|No match| Problem| {2}- | {2}\S+ \(no such)/.test(line.trimEnd()));
  return {
    manager,
    installed,
    moves: [],
    age,
    failure: failure.join('\n').trim() || plan.stderr.trim() || `exit code ${plan.code}`,
  };
}

function noManager(manager: Manager): CannotTell {
  return new CannotTell(`this host has no ${manager}`, {
    advice: 'Use the module package, which takes the manager that is there.',
    needs: [{ kind: 'program', name: manager }],
  });
}

function readInstalled(answer: Answer, manager: Manager): ReadonlyMap<string, string> {
  const found = accept(answer, 'installed', [0, 1], manager === 'apt-get' ? 'dpkg-query' : manager);
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

function readAge(answer: Answer): number {
  const times = accept(answer, 'cache', [0], 'stat').stdout.trim().split('\n').map(Number);
  const now = times.at(-1);
  if (now === undefined || !Number.isFinite(now)) throw new CannotTell('the clock of the host could not be read');
  return now - (times.length > 1 ? times[0]! : 0);
}
