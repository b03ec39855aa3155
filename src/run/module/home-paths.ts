import { ConnectionLost } from '../../connections/errors.ts';
import type { Session } from '../../connections/session.ts';
import type { TaskResult } from '../../events/event.ts';
import { homeOf } from '../../host/ssh/home.ts';
import { type HomePath, homePaths, withHomes } from '../../plan/home-paths.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { limits, type ModuleRun } from './module-run.ts';
import { notLooked } from './predictions.ts';
import { reconnect } from './recover.ts';

type Asked = Pick<ModuleRun, 'host' | 'module' | 'args' | 'become' | 'lookAhead'>;
type Given = Readonly<Record<string, unknown>>;

/**
 * A task's arguments with the homes that their paths begin with: `~` is HOME of the shell that does
 * the task, which its login has told, `~NAME` is looked up on the host, and again once something
 * was applied there. A result says why that cannot be.
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

/** @throws CannotTell where that user has no home */
async function homesOf(run: Asked, paths: readonly HomePath[]): Promise<ReadonlyMap<string, string>> {
  const session = await run.host.link.session(run.become);
  const homes = new Map<string, string>();
  for (const path of paths) {
    const home = known(run, session, path) ?? (await lookUp(run, path));
    if (!home.startsWith('/')) throw noHome(path);
    homes.set(path.user, home);
  }
  return homes;
}

/** The same without asking anything: undefined where that is not enough. */
export function withKnownHomes(run: Asked): object | undefined {
  const given = run.args as Given;
  const paths = homePaths(run.module.args, given);
  if (paths.length === 0) return given;
  const session = run.host.link.opened(run.become);
  if (!session) return undefined;
  const homes = new Map(paths.map(path => [path.user, known(run, session, path) ?? '']));
  if ([...homes.values()].some(home => !home.startsWith('/'))) return undefined;
  return withHomes(run.module.args, given, homes);
}

function known({ lookAhead }: Asked, session: Session, { user }: HomePath): string | undefined {
  return user === '' ? session.identity().home : lookAhead.learnt(session).get(nameOf(user));
}

/** Under which name it is learnt. */
function nameOf(user: string): string {
  return `home of ${user}`;
}

async function lookUp({ host, become, lookAhead }: Asked, { user }: HomePath): Promise<string> {
  const question = script({ home: sh`${homeOf(user)}; printf '%s\\n' "$h"` });
  async function ask(): Promise<string> {
    const session = await host.link.session(become);
    const learnt = lookAhead.learnt(session);
    const answer = await session.run(question, { limit: limits.probe });
    const home = accept(answer, 'home', [0, 4], 'getent').stdout.replace(/\n$/, '');
    if (home.startsWith('/')) learnt.set(nameOf(user), home);
    return home;
  }
  return ask().catch(async (error: unknown) => {
    if (!(error instanceof ConnectionLost)) throw error;
    await reconnect({ host, become }, 60);
    return ask();
  });
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
