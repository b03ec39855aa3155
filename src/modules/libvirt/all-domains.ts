import { type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';
import { accept } from '../module.ts';
import { virsh } from './virsh.ts';
import { type Document, parseXml } from './xml.ts';

const mark = '=== hostwright domain';

/** Which domains a section prints, and which of their documents. */
export type Which = 'definitions' | 'definitions of those that run or start with the host' | 'every document';

/**
 * A probe section that prints documents of many domains; it leaves with 3 where there is no libvirt on the host. A domain whose document
 * cannot be read fails the section: half a list would be taken for the whole.
 */
export function allDomains(uri: string, which: Which): ShellText {
  const call = virsh(uri);
  const names =
    which === 'definitions of those that run or start with the host'
      ? sh`${call} list --name && ${call} list --all --autostart --name`
      : sh`${call} list --all --name`;
  const more =
    which === 'every document'
      ? sh`
  echo ${mark}; ${call} dumpxml --domain "$name" || exit 1
  if ${call} dominfo --domain "$name" | grep -q '^Managed save: *yes'; then
    echo ${mark}; ${call} managedsave-dumpxml --domain "$name" || exit 1
  fi`
      : sh``;
  return sh`command -v virsh >/dev/null || exit 3
names=$(${names}) || exit 1
printf '%s\\n' "$names" | sort -u | while read -r name; do
  [ -n "$name" ] || continue
  echo ${mark}; ${call} dumpxml --inactive --domain "$name" || exit 1${more}
done`;
}

/** The texts that {@link allDomains} printed; none where there is no libvirt. @throws CannotTell */
export function domainTexts(answer: Answer, section: string): readonly string[] {
  const { code, stdout } = accept(answer, section, [0, 3], 'virsh');
  return code === 3 ? [] : stdout.split(`${mark}\n`).filter(text => text.trim() !== '');
}

/** The documents that {@link allDomains} printed. @throws CannotTell */
export function domainDocuments(answer: Answer, section: string): readonly Document[] {
  return domainTexts(answer, section).map(text => parseXml(text, 'domain', 'the definition of a guest'));
}
