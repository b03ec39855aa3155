import { chmodMode } from '../../host/file/mode.ts';
import { entryFormat } from '../../shell/functions/formats.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import type { Args } from './schema.ts';

/** Which program unpacks it; the name says so. */
export function handlerOf(src: string): 'tar' | 'unzip' {
  return /\.(zip|jar|war)$/i.test(src) ? 'unzip' : 'tar';
}

/** The first line of what the program says of itself. */
export function askVersion(src: string): ShellText {
  const program = handlerOf(src);
  const ask = program === 'tar' ? raw('tar --version') : raw('unzip -v');
  return sh`command -v ${program} >/dev/null || exit 127\n${ask} 2>&1 | head -n 1`;
}

/** A line for each member with its kind, size and time. Names are escaped by GNU's tar only. */
export function listMembers(archive: string, args: Args): ShellText {
  if (handlerOf(args.src) === 'unzip') return sh`${zipZone}unzip -Z -s -T ${archive} ${zipNames(args)}`;
  return eitherTar('tv', archive, args, ['--quoting-style=escape', '--numeric-owner', '--full-time']);
}

/** The name of each member on a line, as it will be on the disk. */
function listNames(archive: string, args: Args): ShellText {
  if (handlerOf(args.src) === 'unzip') return sh`${zipZone}unzip -Z1 ${archive} ${zipNames(args)}`;
  return eitherTar('t', archive, args, ['--quoting-style=literal']);
}

/** What stands where the members will be; one that is not there is told on stderr. */
export function statMembers(archive: string, args: Args): ShellText {
  return join([
    sh`cd ${args.dest} || exit`,
    sh`${relativeNames(archive, args)} | tr '\\n' '\\0' | xargs -0 -r stat -c ${`%n ${entryFormat}`} --`,
  ]);
}

/** Unpacks into the directory. */
export function extract(archive: string, args: Args): ShellText {
  const enter = sh`hw_cd ${args.dest}`;
  if (handlerOf(args.src) === 'tar') {
    return join([enter, eitherTar('x', archive, args, args.keep_newer ? ['--keep-newer-files'] : [])]);
  }
  const newer = args.keep_newer ? raw(' -u') : raw('');
  const zip = sh`${zipZone}unzip -q -o${newer} ${archive} ${zipNames(args)}`;
  // 1 is a warning: all was unpacked.
  return join([enter, zip, raw('c=$?; [ $c = 1 ] || exit $c')]);
}

/** Leaves with 1 if a member would land outside of the directory. */
export function checkNames(archive: string, args: Args): ShellText {
  // busybox's tar lists such names without what climbs, and says so.
  const climbing = '^/|^\\.\\.$|^\\.\\./|/\\.\\./|/\\.\\.$|^tar: [Rr]emoving leading ';
  return sh`if { ${listNames(archive, { ...args, extra_opts: [] })}\n} 2>&1 | grep -E -e ${climbing} >&2; then
echo 'these members would land outside of the directory: nothing was unpacked' >&2
exit 1
fi`;
}

/** awk text: the directories above each name, one to a line. */
const everyParent = '{ p = ""; for (n = 1; n < NF; n++) { p = p $n; print p; p = p "/" } }';

/**
 * Sets what is owned on all that was unpacked; links keep what they point to.
 * @param own user and group as chown takes them; '' where they are not owned
 */
export function setAttributes(archive: string, args: Args, own: string): ShellText | undefined {
  if (own === '' && args.mode === undefined) return undefined;
  const names = relativeNames(archive, args);
  const notLinks = raw(`while IFS= read -r n; do [ -L "\${n%/}" ] || printf '%s\\0' "$n"; done`);
  const mode = args.mode === undefined ? '' : chmodMode(args.mode, true);
  return join([
    sh`hw_cd ${args.dest}`,
    sh`if { echo .; ${names} | awk -F/ ${everyParent} | sort -u; } | hw_foreign; then`,
    sh`${names} | while IFS= read -r n; do
n="$PWD/\${n%/}"
( hw_set "\${n%/*}" "\${n##*/}" '*' ${own} ${mode} ) || exit
done`,
    raw('exit\nfi'),
    own !== '' && sh`${names} | tr '\\n' '\\0' | xargs -0 -r chown -h ${own} -- || exit`,
    mode !== '' && sh`${names} | ${notLinks} | xargs -0 -r chmod ${mode} --`,
  ]);
}

/**
 * A name that is absolute is what `--strip-components` leaves of a directory: only the root could
 * be meant, and it is not.
 */
function relativeNames(archive: string, args: Args): ShellText {
  return sh`{ ${listNames(archive, args)}\n} 2>/dev/null | grep -v '^/'`;
}

/**
 * Zip files have no zone in their times; without the locale unzip writes letters beyond ASCII as
 * #U00e4.
 */
const zipZone = raw('LC_ALL=C.UTF-8 TZ=UTC0 ');

function zipNames({ include, exclude }: Args): ShellText {
  return exclude.length > 0 ? sh`${include} -x ${exclude}` : sh`${include}`;
}

/**
 * GNU's tar sees for itself how an archive is compressed; busybox's has to be told, and knows none
 * of the options.
 */
function eitherTar(
  mode: 't' | 'tv' | 'x',
  archive: string,
  { src, include, exclude, extra_opts }: Args,
  long: readonly string[],
): ShellText {
  const transformed = mode !== 'x' && extra_opts.length > 0 ? ['--show-transformed-names'] : [];
  const rest = [...extra_opts, ...exclude.map(pattern => `--exclude=${pattern}`), '--', ...include];
  const packed = /\.t?gz$/i.test(src) ? 'z' : /\.t?xz$/i.test(src) ? 'J' : /\.(bz2|tbz2?)$/i.test(src) ? 'j' : '';
  return sh`export TZ=UTC0
case $(tar --version 2>/dev/null) in
*'GNU tar'*) tar ${[...long, ...transformed]} ${`-${mode}f`} ${archive} ${rest};;
*) tar ${`-${mode}${packed}f`} ${archive};;
esac`;
}
