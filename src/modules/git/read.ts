import { accept, CannotTell, type Resource } from '../../shell/answer.ts';
import type { Answer } from '../../shell/script.ts';
import { isCommit } from './probe.ts';
import type { Args } from './schema.ts';

/** What is at dest. */
export interface Checkout {
  /** The commit that is checked out; undefined before the first. */
  readonly head: string | undefined;
  readonly url: string;
  /** Lines of `git status` about files that git knows. */
  readonly changes: string;
  /** Commits that no remote is known to have, by `HEAD` and names of branches. */
  readonly own: ReadonlyMap<string, string>;
  /** Submodules that are not as the commit has them. */
  readonly modules: readonly string[];
}

/** What the version is in the remote. */
export interface Target {
  readonly commit: string;
  /** The branch to be on; undefined for a tag or a commit. */
  readonly branch: string | undefined;
  /** The name to fetch. */
  readonly ref: string;
}

export interface GitState {
  readonly place: 'absent' | 'empty' | 'other' | 'file' | Checkout;
  /** Undefined where the remote does not have the version; `unasked` where it does not matter. */
  readonly target: Target | undefined | 'unasked';
}

/** @throws CannotTell */
export function readGit(answer: Answer, args: Args): GitState {
  if (answer.local?.code === 127) {
    throw new CannotTell('the host has no git', {
      advice: 'Install git first.',
      needs: [
        { kind: 'program', name: 'git' },
        { kind: 'package', name: 'git' },
      ],
    });
  }
  const place = readPlace(answer, args);
  const there = typeof place === 'object';
  if ((there && !args.update) || place === 'other' || place === 'file') return { place, target: 'unasked' };
  return { place, target: readTarget(answer, args) };
}

function readPlace(answer: Answer, { bare, recursive, dest }: Args): GitState['place'] {
  const found = accept(answer, 'local', [0, 1, 3, 4, 5, 6], 'git');
  if (found.code === 1) {
    const owner = /dubious ownership|safe\.directory/.test(found.stderr);
    throw new CannotTell(`git could not read ${dest}: ${found.stderr.trim() || 'it printed nothing'}`, {
      advice: owner
        ? 'Run the task as the owner of the directory (become_user).'
        : 'Look at it on the host: git status.',
    });
  }
  const places = { 3: 'absent', 4: 'file', 5: 'empty', 6: 'other' } as const;
  if (found.code !== 0) return places[found.code as keyof typeof places];
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(found.stdout)?.[1];
  const [head, url] = [value('head'), value('url')];
  if (head === undefined || url === undefined || !/^([0-9a-f]{40,64})?$/.test(head)) {
    throw new CannotTell(`what git says of ${dest} cannot be read: ${JSON.stringify(found.stdout)}`);
  }
  const text = (section: string, when: boolean) => (when ? accept(answer, section, [0], 'git').stdout : '');
  return {
    head: head || undefined,
    url,
    changes: text('changes', !bare),
    own: new Map([...text('commits', !bare).matchAll(/^(\S+) ([0-9a-f]+)$/gm)].map(([, name, id]) => [name!, id!])),
    modules: text('modules', !bare && recursive)
      .split('\n')
      .filter(line => /^[-+U]/.test(line))
      .map(line => line.split(' ')[1] ?? line),
  };
}

function readTarget(answer: Answer, { version, repo, key_file }: Args): Target | undefined {
  if (isCommit(version)) return { commit: version, branch: undefined, ref: version };
  const found = answer.remote;
  if (!found) throw new CannotTell('git gave no answer');
  if (found.code !== 0) {
    const needs: Resource[] = key_file === undefined ? [] : [{ kind: 'path', name: key_file }];
    throw new CannotTell(`git could not ask ${repo}: ${found.stderr.trim() || `exit code ${found.code}`}`, {
      advice: adviceFor(found.stderr),
      needs: [
        ...needs,
        { kind: 'program', name: 'git' },
        ...(repo.startsWith('/') ? [{ kind: 'path', name: repo } as const] : []),
      ],
    });
  }
  const lines = found.stdout.split('\n').map(line => line.split('\t'));
  const commitOf = (name: string) => lines.find(([id, ref]) => ref === name && /^[0-9a-f]{40,64}$/.test(id ?? ''))?.[0];
  if (version === 'HEAD') {
    const commit = commitOf('HEAD');
    const [, branch] = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(found.stdout) ?? [];
    return commit === undefined
      ? undefined
      : { commit, branch, ref: branch === undefined ? 'HEAD' : `refs/heads/${branch}` };
  }
  const names = version.startsWith('refs/') ? [version] : [`refs/heads/${version}`, `refs/tags/${version}`];
  for (const ref of names) {
    const commit = commitOf(`${ref}^{}`) ?? commitOf(ref);
    const [, branch] = /^refs\/heads\/(.*)$/.exec(ref) ?? [];
    if (commit !== undefined) return { commit, branch, ref };
  }
  return undefined;
}

function adviceFor(said: string): string {
  if (/Host key verification failed/.test(said)) {
    return (
      'Compare the key of the server, and add it to known_hosts; or say accept_newhostkey: ' +
      'true for one that is not known at all.'
    );
  }
  if (/Permission denied|Authentication failed|could not read Username/.test(said)) {
    return 'Name a key that the server knows (key_file), or set up a credential helper for the user.';
  }
  return 'Try it on the host itself: git ls-remote.';
}
