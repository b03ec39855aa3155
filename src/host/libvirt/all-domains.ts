import { ask, type Foretold, foreseeing, type Look, map } from '../../shell/look.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { domainOf } from './domain-element.ts';
import { foreseen } from './foretold.ts';
import { defineSame, printNamed } from './named-files.ts';
import { splitAnswers, virsh, virshMark } from './virsh.ts';
import { volumePaths } from './volume-paths.ts';
import { child, type Element, parseXml, textOf } from './xml.ts';

/** Which domains a section prints, and which of their documents. */
export type Which =
  | 'definitions'
  | 'definitions of those that run or start with the host'
  | 'every document'
  | 'every document, volumes by path';

/**
 * A probe section that prints documents of many domains; it leaves with 3 where there is no libvirt
 * on the host. A domain whose document cannot be read fails the section: half a list would be taken
 * for the whole. One virsh prints 300 documents, as an argument has at most 128 KiB. By path, a
 * disk that is named as a volume of a pool has its path as `file` as well.
 */
export function allDomains(uri: string, which: Which): ShellText {
  const call = virsh(uri);
  return sh`command -v virsh >/dev/null || exit 3
${looksAt(which, call)}
printf '%s\\n' "$looks" | awk -v mark=${virshMark} 'NF { printf "%s; echo \\"%s\\"; ", $0, mark } NR % 300 == 0 { \
print "" } END { print "" }' |
  while IFS= read -r batch; do [ -z "$batch" ] || ${call} "$batch"; \
done |${which === 'every document, volumes by path' ? sh`\n  ${volumePaths(call)} |` : raw('')}
  awk -v mark=${virshMark} -v want="$(printf '%s\\n' "$looks" | \
grep -c .)" 'index($0, mark) == 1 { got += lines > 0; lines = 0; print mark; $0 = substr($0, length(mark) + 1); \
if ($0 == "") next } { lines++; print } END { exit got != want }'`;
}

/** Puts a command of virsh for each document into `looks`, one to a line. */
function looksAt(which: Which, call: ShellText): ShellText {
  if (which === 'definitions' || which === 'definitions of those that run or start with the host') {
    const list =
      which === 'definitions'
        ? sh`${call} list --all --uuid`
        : sh`${call} list --uuid && ${call} list --all --autostart --uuid`;
    return sh`ids=$(${list}) || exit 1
looks=$(printf '%s\\n' "$ids" | sort -u | awk 'NF { print "dumpxml --inactive " $1 }')`;
  }
  return join([
    sh`ids=$(${call} list --all --uuid) && saved=$(${call} list --all --with-managed-save --uuid) || exit 1`,
    raw(`looks=$(printf '%s\\n' "$ids" | awk 'NF { print "dumpxml --inactive " $1; print "dumpxml " $1 }'`),
    raw(`  printf '%s\\n' "$saved" | awk 'NF { print "managedsave-dumpxml " $1 }')`),
  ]);
}

/** The documents of many domains as texts; none where there is no libvirt. @throws CannotTell */
export function domainXml(uri: string, which: Which): Look<readonly string[]> {
  return map(ask('virsh', allDomains(uri, which), [0, 3]), ({ code, stdout }) =>
    code === 3 ? [] : splitAnswers(stdout).filter(text => text.trim() !== ''),
  );
}

/** Many domains, as their documents say; none where there is no libvirt. @throws CannotTell */
export function domains(uri: string, which: Which): Look<readonly Element[]> {
  return foreseeing(domainXml(uri, which), (texts, foretold) => {
    const found = texts.map(text => domainOf(parseXml(text, 'domain', 'the definition of a guest')));
    return which.startsWith('definitions') ? found.map(domain => asForeseen(domain, uri, foretold)) : found;
  });
}

/** The definition as it will be once the earlier tasks of check mode have run. */
function asForeseen(domain: Element, uri: string, foretold: Foretold): Element {
  const will = foreseen(foretold, { name: textOf(child(domain, 'name')), uri }, 'definition');
  return will ? domainOf(will.document) : domain;
}

/**
 * Text of a guard: leaves with 75 where a document of any domain has one of these names in it by
 * now, or the path of a file that is the same as one of them.
 */
export function namedByNone(uri: string, names: readonly string[]): ShellText {
  const patterns = names.flatMap(name => ['-e', escapedInXml(name)]);
  const files = names.filter(name => name.startsWith('/'));
  // The document has the name of a volume as it is.
  const which = files.length > 0 ? 'every document, volumes by path' : 'every document';
  return join([
    sh`all=$(${allDomains(uri, which)}\n) || [ $? -eq 3 ] || exit 1`,
    sh`if printf '%s' "$all" | grep -q -F ${patterns}; then exit 75; fi`,
    files.length > 0 && sh`${defineSame(files)}; [ -z "$(printf '%s\\n' "$all" | ${printNamed})" ] || exit 75`,
  ]);
}

const entities: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

/** A name as libvirt writes it in its documents, where these five are escaped everywhere. */
export function escapedInXml(name: string): string {
  return name.replace(/[&<>"']/g, character => `&${entities[character]};`);
}
