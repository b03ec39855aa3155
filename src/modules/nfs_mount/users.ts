import { tidyPath } from '../../host/file/resolve.ts';
import { allDomains, domainXml, escapedInXml } from '../../host/libvirt/all-domains.ts';
import { pathsInDocuments } from '../../host/libvirt/named-files.ts';
import { splitAnswers, virsh, virshMark } from '../../host/libvirt/virsh.ts';
import { setPoint } from '../../host/mount/point.ts';
import { all, ask, type Look, map, printed } from '../../shell/look.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';

/** Prints the definitions of all storage pools; 3 where there is no libvirt. */
function allPools(uri: string): ShellText {
  const call = virsh(uri);
  return sh`command -v virsh >/dev/null || exit 3
ids=$(${call} pool-list --all --uuid) || exit 1
for id in $ids; do ${call} pool-dumpxml "$id" || exit 1; echo ${virshMark}; done`;
}

/** Guests and pools that name something on the mount point, by whatever path. @throws CannotTell */
export function users(uri: string, path: string): Look<readonly string[]> {
  const parts = {
    domains: domainXml(uri, 'every document'),
    pools: ask('virsh', allPools(uri), [0, 3]),
    leading: printed('The look at paths', join([documents(uri), printLeading(path)])),
  };
  return map(all(parts), ({ domains, pools, leading }) => {
    const found = [
      ...domains.map(text => ({ kind: 'guest', text })),
      ...(pools.code === 3 ? [] : splitAnswers(pools.stdout)).map(text => ({ kind: 'pool', text })),
    ];
    const names = [tidyPath(path), ...leading.split('\n').filter(Boolean)].flatMap(spellings);
    const using = found.filter(({ text }) => names.some(one => text.includes(one)));
    return [...new Set(using.map(({ kind, text }) => `${kind} ${/<name>([^<]*)<\/name>/.exec(text)?.[1] ?? '?'}`))];
  });
}

/**
 * Text of a guard: leaves with 75 where a guest or a pool names something on the mount point by
 * now.
 */
export function usedByNone(uri: string, path: string): ShellText {
  return join([documents(uri), sh`found=$(\n${printLeading(path)}\n) || exit 1`, raw('[ -z "$found" ] || exit 75')]);
}

/** Puts all documents into `all` and `pools`. */
function documents(uri: string): ShellText {
  return sh`all=$(${allDomains(uri, 'every document')}\n) || [ $? -eq 3 ] || exit 1
pools=$(${allPools(uri)}\n) || [ $? -eq 3 ] || exit 1`;
}

/**
 * Shell text that prints the paths in `$all` and `$pools`, documents of libvirt, that are the mount
 * point or lie below it. Those whose text says so are not touched: where the server is away, that
 * would hang.
 */
export function printLeading(path: string): ShellText {
  return sh`(${setPoint(path)}
t=${tidyPath(path)}
printf '%s\n%s\n' "$all" "$pools" | ${pathsInDocuments} | while IFS= read -r f; do
  r=$f
  case $f in
  "$t" | "$t"/* | "$p" | "$p"/*) ;;
  *) cd -P "\${f%/*}/" 2>/dev/null || continue; r=\${PWD%/}/\${f##*/}; [ ! -L "$r" ] || r=$(readlink -f -- "$r") || \
continue ;;
  esac
  case $r in "$t" | "$t"/* | "$p" | "$p"/*) printf '%s\n' "$f" ;; esac
done)`;
}

/**
 * A path, or the beginning of one below it, as an attribute or an element of libvirt's documents.
 */
function spellings(path: string): readonly string[] {
  const escaped = escapedInXml(path);
  return [`'${escaped}'`, `'${escaped}/`, `>${escaped}<`, `>${escaped}/`];
}
