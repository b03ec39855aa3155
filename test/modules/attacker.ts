import { spawnSync } from 'node:child_process';
import {
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The unprivileged user who attacks. */
export const attacker = 65534;

/**
 * What the attacker does in a directory of his, as shell text; `$victim` is a file of root's,
 * `$etc` a directory of root's.
 */
export const attacks: Readonly<Record<string, string>> = {
  'puts links in the place of all files': `for n in $(ls -A); do
  [ -L "$n" ] || [ -d "$n" ] || { mv -- "$n" "$aside/$$.$n" && ln -s "$victim" "$n"; }
done`,
  'puts links in the place of all directories': `for n in $(ls -A); do
  [ -L "$n" ] || [ ! -d "$n" ] || { mv -- "$n" "$aside/$$.$n" 2>/dev/null || mv -- "$n" "$n.aside"; ln -s "$etc" "$n"; }
done`,
  'puts links at all names that can be guessed': `for n in .conf.hostwright-part .pkg.tar.hostwright-part .hostwright conf.aside
do ln -s "$victim" "$n"; done
s=$(date +%s)
for i in 0 1 2; do ln -s "$victim" "conf.$(date -d @$((s + i)) +%Y-%m-%d@%H:%M:%S)~"; done`,
  'leads the directory itself elsewhere': 'mv -T "$PWD" "$aside/dir.$$" && ln -s "$etc" "$PWD"',
};

export interface Battlefield {
  /** A directory that the attacker owns, in another of his. */
  readonly directory: string;
  /**
   * Comes before all other programs: each of them lets the attacker act first, when it is his turn.
   */
  readonly tools: string;
  /** Programs that were started. */
  readonly started: () => number;
  /** What is there of root's, in a form that can be compared. */
  readonly ofRoot: () => string;
  readonly remove: () => void;
}

const programs = [
  ...['cat', 'chmod', 'chown', 'cp', 'curl', 'date', 'df', 'find', 'grep', 'head', 'id', 'install', 'ln', 'mkdir'],
  ...['mktemp', 'mv', 'readlink', 'rm', 'rmdir', 'sed', 'sha256sum', 'sort', 'stat', 'tar', 'touch', 'tr', 'xargs'],
];

/**
 * Makes a host of which a user attacks. Between any two programs that a task starts he may do
 * anything; so that it happens, the tools of
 * this host act for him before the program number `turn` begins. They start the real one then.
 */
export function battlefield(attack: string, turn: number): Battlefield {
  // The same path each time is the same shell.
  const root = join(tmpdir(), `hostwright-attack-${process.pid}`);
  const at = (name: string) => join(root, name);
  mkdirSync(root, { mode: 0o755 });
  for (const name of ['tools', 'started', 'etc', 'home', 'home/dir', 'home/aside']) mkdirSync(at(name));
  for (const name of ['home', 'home/dir', 'home/aside']) chownSync(at(name), attacker, attacker);
  const files = ['victim', 'etc/conf', 'etc/new', 'etc/pkg', 'etc/authorized_keys'];
  for (const name of files) writeFileSync(at(name), 'of root\n', { mode: 0o600 });
  const act = `cd ${at('home/dir')} && { ${attacks[attack]}
} 2>/dev/null`;
  const environment = `victim=${at('victim')} etc=${at('etc')} aside=${at('home/aside')} PATH=/usr/bin:/bin`;
  const tool = `#!/bin/sh
set -C
n=1
until { true >${at('started')}/$n; } 2>/dev/null; do n=$((n + 1)); done
[ $n != ${turn} ] || env ${environment} setpriv --reuid=${attacker} --regid=${attacker} --clear-groups sh -c '${act.replaceAll("'", `'\\''`)}'
exec /usr/bin/"\${0##*/}" "$@"
`;
  for (const name of programs) writeFileSync(at(`tools/${name}`), tool, { mode: 0o755 });
  return {
    directory: at('home/dir'),
    tools: at('tools'),
    started: () => readdirSync(at('started')).length,
    ofRoot: () =>
      [
        describe(at('victim')),
        describe(at('etc')),
        ...readdirSync(at('etc')).map(name => describe(at(`etc/${name}`))),
      ].join('\n'),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function describe(path: string): string {
  const entry = lstatSync(path);
  const what = entry.isSymbolicLink() ? readlinkSync(path) : entry.isFile() ? readFileSync(path, 'utf8') : '';
  return (
    `${path.replace(/^.*hostwright-attack-\d+/, '')} ${entry.uid}:${entry.gid} ` +
    `${(entry.mode & 0o7777).toString(8)} ${what}`
  );
}

/** Whether this machine lets a test act as another user. */
export function canAct(): boolean {
  return process.getuid?.() === 0 && spawnSync('setpriv', ['--version']).status === 0;
}
