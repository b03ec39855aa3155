import { posix } from 'node:path';
import { CannotTell } from '../../shell/answer.ts';
import { all, type Look, map, printed } from '../../shell/look.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { escapeOctal, type Mount, mountPoints, unescapeOctal } from '../file/mounts.ts';
import { tidyPath } from '../file/resolve.ts';

const kinds = ['mounted', 'directory', 'filled', 'other', 'absent'] as const;

/** A mount point, as the host sees it. */
export interface MountPoint {
  /** Without links; without the host's word where not even its parent is there. */
  readonly real: string;
  readonly kind: (typeof kinds)[number];
  /** What is mounted there, in the order of mounting: the last is the one that is seen. */
  readonly mounts: readonly Mount[];
  /** All mounts of the host. */
  readonly table: readonly Mount[];
  /** The names that it has in fstab, without slashes that mean nothing. */
  readonly names: readonly string[];
}

/** awk text: ends with 0 if the path in the variable `want` of the environment is a mount point. */
const isMounted = raw(`'{ gsub(/\\\\040/, " ", $5); gsub(/\\\\011/, "\\t", $5); gsub(/\\\\012/, "\\n", $5) }
$5 == ENVIRON["want"] { found = 1; exit } END { exit !found }'`);

/** What else a look at a mount point asks for. */
export interface PointOptions {
  /** The file whose other names for the mount point are looked for. */
  readonly fstab: string;
  /** Tells a directory that has entries, which a mount would hide. */
  readonly entries?: boolean;
}

/**
 * A mount point. What is mounted is not touched: where a server is away, that would hang. So links
 * in the parents are followed first, and the last one only where nothing is mounted.
 * @throws CannotTell
 */
export function mountPoint(path: string, options: PointOptions): Look<MountPoint> {
  const parts = { mounts: mountPoints, point: place(path, options), names: namesIn(options.fstab, path) };
  return map(all(parts), ({ mounts, point, names }) => {
    const parent = posix.dirname(point.real);
    const others = names.filter(one => one.parent === parent).map(({ name }) => name);
    return {
      ...point,
      table: mounts,
      mounts: mounts.filter(one => one.path === point.real),
      names: [...new Set([tidyPath(path), point.real, ...others])],
    };
  });
}

/** Where a mount point is, and what is there. @throws CannotTell */
function place(path: string, { entries }: PointOptions): Look<Pick<MountPoint, 'kind' | 'real'>> {
  const text = join([
    sh`show() { printf '%s\\n' "$1" "$p"; exit; }`,
    setPoint(path),
    raw('if [ "$m" ]; then show mounted; fi'),
    raw('if [ -d "$p" ]; then'),
    entries && raw('  entries=$(ls -A -- "$p") || exit 1; [ -z "$entries" ] || show filled'),
    raw('  show directory'),
    raw('fi'),
    raw('if [ -e "$p" ] || [ -L "$p" ]; then show other; fi; show absent'),
  ]);
  return map(printed('The look at the mount point', text), text => {
    const [word, ...rest] = text.split('\n');
    const kind = kinds.find(one => one === word);
    const real = rest.slice(0, -1).join('\n');
    if (kind !== undefined && real.startsWith('/')) return { kind, real };
    throw new CannotTell(`the look at the mount point printed what cannot be read: ${JSON.stringify([word, ...rest])}`);
  });
}

/**
 * Shell text that sets `$p` to the mount point without links, and `$m` where something is mounted
 * there.
 */
export function setPoint(path: string): ShellText {
  return join([
    sh`mounted() { m=; if want=$p awk ${isMounted} /proc/self/mountinfo; then m=1; fi; }`,
    sh`p=${tidyPath(path)} m=`,
    sh`if [ -e ${parentOf(path)} ]; then`,
    sh`  cd -P ${parentOf(path)} || exit 1; p=${realName(path)}; mounted`,
    raw('  if [ ! "$m" ] && [ -L "$p" ]; then'),
    // The x keeps a newline at the end of a name, which $(…) would cut off.
    raw('    p=$(readlink -f -- "$p" && echo x) || exit 1; p=${p%??}; mounted'),
    raw('  fi'),
    raw('fi'),
  ]);
}

/**
 * Each mount point of fstab with the same last name, and where its parent really lies.
 * @throws CannotTell
 */
function namesIn(fstab: string, path: string): Look<readonly { readonly name: string; readonly parent: string }[]> {
  const name = escapeOctal(posix.basename(tidyPath(path)));
  const text = sh`[ -f ${fstab} ] || exit 0
while read -r source at _; do
  case $source in '#'*) continue;; esac
  at=\${at%/}
  case $at in /*/${name}) ( # The shells differ in how many digits an escape has, but for \\0ooo.
    d=$(printf %s "\${at%/*}" | sed 's/\\\\\\([0-7]\\{3\\}\\)/\\\\0\\1/g') &&
      d=$(printf %b "$d") && cd -P "\${d:-/}" && printf '%s %s\\n' "$at" "$PWD"
  ) 2>/dev/null ;; esac
done < ${fstab}
:`;
  return map(printed('The look at fstab', text), found => {
    const rows = found.split('\n').map(line => line.split(' '));
    return rows.map(([at = '', ...parent]) => ({ name: tidyPath(unescapeOctal(at)), parent: parent.join(' ') }));
  });
}

function parentOf(path: string): string {
  const tidy = tidyPath(path);
  return posix.basename(tidy) === '..' ? tidy : posix.dirname(tidy);
}

/** Shell text for the path behind {@link parentOf}, once the shell is there. */
function realName(path: string): ShellText {
  const name = posix.basename(tidyPath(path));
  return name === '..' || name === '' ? sh`$PWD` : sh`\${PWD%/}/${name}`;
}
