import { accept, CannotTell } from '../../shell/answer.ts';
import { all, type Look, later, look, map, own, printed } from '../../shell/look.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import type { Output } from '../../shell/script.ts';
import { environment } from './environment.ts';
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

type Place = 'absent' | 'file' | 'empty' | 'other';

const places: ReadonlyMap<number, Place> = new Map([
  [3, 'absent'],
  [4, 'file'],
  [5, 'empty'],
  [6, 'other'],
]);

/** What is at dest: a word for all but a repository. @throws CannotTell */
export function checkoutAt(args: Args): Look<Place | Checkout> {
  const git = (text: ShellText) => later(printed('git', join([enter(args), text])));
  const submodules = raw('[ -e .gitmodules ] || exit 0\nexec git submodule status --recursive');
  const looks = all({
    [own]: repositoryAt(args),
    changes: args.bare ? undefined : git(raw('exec git status --porcelain --untracked-files=no')),
    commits: args.bare ? undefined : git(ownCommits),
    modules: args.bare || !args.recursive ? undefined : git(submodules),
  });
  return map(looks, ({ [own]: found, changes, commits, modules }) => {
    if (typeof found === 'string') return found;
    return {
      ...found,
      changes: changes?.() ?? '',
      own: new Map(commits?.().split('\n').flatMap(commitIn)),
      modules: modules?.().split('\n').flatMap(otherModule) ?? [],
    };
  });
}

function repositoryAt(args: Args): Look<Place | Pick<Checkout, 'head' | 'url'>> {
  const { dest } = args;
  return look({ [own]: local(args) }, answer => {
    if (answer[own]?.code === 127) throw noGit();
    const found = accept(answer, own, [0, 1, ...places.keys()], 'git');
    if (found.code === 1) throw unreadable(dest, found);
    return places.get(found.code) ?? headAndUrl(dest, found.stdout);
  });
}

function headAndUrl(dest: string, text: string): Pick<Checkout, 'head' | 'url'> {
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1];
  const [head, url] = [value('head'), value('url')];
  if (head === undefined || url === undefined || !/^([0-9a-f]{40,64})?$/.test(head)) {
    throw new CannotTell(`what git says of ${dest} cannot be read: ${JSON.stringify(text)}`);
  }
  return { head: head || undefined, url };
}

function noGit(): CannotTell {
  return new CannotTell('the host has no git', {
    advice: 'Install git first.',
    needs: [
      { kind: 'program', name: 'git' },
      { kind: 'package', name: 'git' },
    ],
  });
}

function unreadable(dest: string, { stderr }: Output): CannotTell {
  const owner = /dubious ownership|safe\.directory/.test(stderr);
  return new CannotTell(`git could not read ${dest}: ${stderr.trim() || 'it printed nothing'}`, {
    advice: owner ? 'Run the task as the owner of the directory (become_user).' : 'Look at it on the host: git status.',
  });
}

function commitIn(line: string): (readonly [string, string])[] {
  const [, name, id] = /^(\S+) ([0-9a-f]+)$/.exec(line) ?? [];
  return name === undefined || id === undefined ? [] : [[name, id]];
}

/** The name in a line of `git submodule status` that says that a submodule is another. */
function otherModule(line: string): string[] {
  return /^[-+U]/.test(line) ? [line.split(' ')[1] ?? line] : [];
}

/**
 * Leaves with 3 if nothing is at dest, 4 if it is not a directory, 5 if that is empty, 6 if it
 * holds something else.
 */
function local(args: Args): ShellText {
  const { dest, bare, version, remote: name } = args;
  const marker = bare ? `${dest}/objects` : `${dest}/.git`;
  const commit = bare ? `${version}^{commit}` : 'HEAD^{commit}';
  return join([
    raw('command -v git >/dev/null || exit 127'),
    environment(args),
    sh`if [ ! -e ${dest} ] && [ ! -L ${dest} ]; then exit 3; fi`,
    sh`[ -d ${dest} ] || exit 4`,
    sh`if [ ! -e ${marker} ]; then all=$(ls -A ${dest}) || exit 1; if [ -z "$all" ]; then exit 5; fi; exit 6; fi`,
    sh`cd ${dest} && git rev-parse --git-dir >/dev/null || exit 1`,
    sh`printf 'head=%s\\n' "$(git rev-parse --verify -q ${commit})"`,
    sh`printf 'url=%s\\n' "$(git config --get ${`remote.${name}.url`})"`,
  ]);
}

function enter(args: Args): ShellText {
  return join([sh`[ -e ${`${args.dest}/.git`} ] || exit 0`, environment(args), sh`cd ${args.dest} || exit`]);
}

/**
 * A line for what is checked out and for each branch that has a commit which no remote is known to
 * have.
 */
const ownCommits = sh`git rev-parse --verify -q HEAD >/dev/null || exit 0
for name in HEAD $(git for-each-ref --format='%(refname)' refs/heads); do
  own=$(git rev-list -n 1 "$name" --not --remotes --tags --glob='refs/hostwright/*') || exit
  if [ -n "$own" ]; then printf '%s %s\\n' "$name" "$own"; fi
done`;
