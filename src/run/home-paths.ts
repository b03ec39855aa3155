import { ConnectionLost } from '../connections/errors.ts';
import type { TaskResult } from '../events/event.ts';
import { accept, CannotTell } from '../modules/module.ts';
import { homeOf } from '../modules/ssh/home.ts';
import { type HomePath, homePaths, withHomes } from '../plan/home-paths.ts';
import { sh } from '../shell/quote.ts';
import { script } from '../shell/script.ts';
import { limits, type ModuleRun } from './module-run.ts';
import { notLooked } from './predictions.ts';
import { reconnect } from './recover.ts';

type Asked = Pick<ModuleRun, 'host' | 'module' | 'args' | 'become'>;
type Given = Readonly<Record<string, unknown>>;

/**
 * A task's arguments with the homes that their paths begin with: `~` is HOME of the shell that does
 * the task, which its login has told, `~NAME` is looked up on the host. A result says why that
 * cannot be.
 * @throws Unreachable, ConnectionLost
 */
export async function withHomesOf(
  run: Asked & Pick<ModuleRun, 'check'>,
): Promise<{ readonly args: object } | { readonly result: TaskResult }> {
  const given = run.args as Given;
  const paths = homePaths(run.module.args, given);
  if (paths.length === 0) return { args: given };
  try {
    return { args: withHomes(run.module.args, given, await homesOf(run, paths)) };
  } catch (error) {
    const result = notLooked(run, error);
    if (result) return { result };
    throw error;
  }
}

/** @throws CannotTell where there is no such home */
async function homesOf(run: Asked, paths: readonly HomePath[]): Promise<ReadonlyMap<string, string>> {
  const session = await run.host.link.session(run.become);
  const homes = new Map<string, string>();
  for (const path of paths) {
    const home = path.user === '' ? session.identity().home : (homes.get(path.user) ?? (await lookUp(run, path)));
    if (!home.startsWith('/')) throw noHome(path);
    homes.set(path.user, home);
  }
  return homes;
}

/** The same without asking anything: undefined where that is not enough. */
export function withKnownHome({ host, module, args, become }: Asked): object | undefined {
  const given = args as Given;
  const paths = homePaths(module.args, given);
  if (paths.length === 0) return args;
  const home = host.link.opened(become)?.identity().home;
  if (!home?.startsWith('/') || paths.some(({ user }) => user !== '')) return undefined;
  return withHomes(module.args, given, new Map([['', home]]));
}

async function lookUp({ host, become }: Asked, { user }: HomePath): Promise<string> {
  const question = script({ home: sh`${homeOf(user)}; printf '%s\\n' "$h"` });
  const ask = async () => (await host.link.session(become)).run(question, { limit: limits.probe });
  const answer = await ask().catch(async (error: unknown) => {
    if (!(error instanceof ConnectionLost)) throw error;
    await reconnect(host.link, become, 60);
    return ask();
  });
  return accept(answer, 'home', [0, 4], 'getent').stdout.replace(/\n$/, '');
}

function noHome({ path, user }: HomePath): CannotTell {
  if (user === '') {
    return new CannotTell(`${path}: HOME is not set for the user of the task`, {
      advice: 'Write the absolute path.',
    });
  }
  return new CannotTell(`${path}: the host has no user ${user}, or the user has no home`, {
    advice: 'Create the user first (user: {name: …}), or write the absolute path.',
    needs: [{ kind: 'user', name: user }],
  });
}
