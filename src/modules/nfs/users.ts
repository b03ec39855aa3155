import { type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';
import { allDomains, domainTexts, escapedInXml } from '../libvirt/all-domains.ts';
import { splitAnswers, virsh, virshMark } from '../libvirt/virsh.ts';
import { accept } from '../module.ts';

/** Prints the definitions of all storage pools; 3 where there is no libvirt. */
function allPools(uri: string): ShellText {
  const call = virsh(uri);
  return sh`command -v virsh >/dev/null || exit 3
ids=$(${call} pool-list --all --uuid) || exit 1
for id in $ids; do ${call} pool-dumpxml "$id" || exit 1; echo ${virshMark}; done`;
}

/** Sections that print every document of guests and all storage pools. */
export function userSections(uri: string): Readonly<Record<'domains' | 'pools', ShellText>> {
  return { domains: allDomains(uri, 'every document'), pools: allPools(uri) };
}

/** Guests and pools that name the path or something below it. @throws CannotTell */
export function readUsers(answer: Answer, path: string): readonly string[] {
  const pools = accept(answer, 'pools', [0, 3], 'virsh');
  const documents = [
    ...domainTexts(answer, 'domains').map(text => ({ kind: 'guest', text })),
    ...(pools.code === 3 ? [] : splitAnswers(pools.stdout)).map(text => ({ kind: 'pool', text })),
  ];
  const found = documents.filter(({ text }) => spellings(path).some(one => text.includes(one)));
  return [...new Set(found.map(({ kind, text }) => `${kind} ${/<name>([^<]*)<\/name>/.exec(text)?.[1] ?? '?'}`))];
}

/** Text of a guard: leaves with 75 where a guest or a pool names the path by now. */
export function usedByNone(uri: string, path: string): ShellText {
  const patterns = spellings(path).flatMap(one => ['-e', one]);
  return sh`all=$(${allDomains(uri, 'every document')}\n) || [ $? -eq 3 ] || exit 1
pools=$(${allPools(uri)}\n) || [ $? -eq 3 ] || exit 1
if printf '%s\\n%s' "$all" "$pools" | grep -q -F ${patterns}; then exit 75; fi
`;
}

/** A path, or the beginning of one below it, as an attribute or an element of libvirt's documents. */
function spellings(path: string): readonly string[] {
  const escaped = escapedInXml(path);
  return [`'${escaped}'`, `'${escaped}/`, `>${escaped}<`, `>${escaped}/`];
}
