import { join, raw, sh } from '../../shell/quote.ts';
import { type Script, script } from '../../shell/script.ts';
import type { Put } from '../module.ts';
import type { DomainState } from './domain-state.ts';
import { virsh } from './virsh.ts';
import { type Document, formatXml, parseXml } from './xml.ts';

/** Where the definitions before each change are kept, ten for each domain, readable by root only. */
const backups = '/var/lib/hostwright/backup';

/** The candidate on the host: in memory and readable by root only, because a definition has passwords in it. */
export function candidatePut(domain: DomainState, edited: Document): Put {
  return { to: candidate(domain), content: formatXml(edited) };
}

/** Leaves with 75 if the definition is no longer the one that was edited. */
export function definitionGuard(domain: DomainState, uri: string): Script {
  const dump = sh`${virsh(uri)} dumpxml --inactive --security-info --domain ${domain.name}`;
  return script({ guard: sh`hash=$(${dump} | sha256sum) && [ "\${hash%% *}" = ${domain.hash} ] || exit 75` });
}

/**
 * Keeps the old definition and defines the candidate. Validation is not optional: without it libvirt drops silently what it does not
 * know. Only where the old definition itself fails it (a vendor's extension) is the candidate defined without, and verify then finds
 * what was dropped.
 */
export function defineSections(
  domain: DomainState,
  uri: string,
): Readonly<Record<'backup' | 'define', ReturnType<typeof raw>>> {
  const call = virsh(uri);
  const folder = `${backups}/${domain.name}`;
  return {
    backup: join([
      raw('umask 077; set -e'),
      sh`mkdir -p ${folder}; cd ${folder}`,
      sh`${call} dumpxml --inactive --security-info --domain ${domain.name} >"$(date -u +%Y%m%dT%H%M%SZ).xml"`,
      raw('ls -1r | tail -n +11 | while read -r old; do rm -f "$old"; done'),
    ]),
    define: join([
      sh`new=${candidate(domain)}; trap 'rm -f "$new"' EXIT`,
      sh`${call} define --validate "$new" && exit 0`,
      sh`old=${folder}/$(ls -1 ${folder} | tail -n 1)`,
      sh`${call} define --validate "$old" >/dev/null 2>&1 && exit 1`,
      sh`${call} define "$new"`,
    ]),
  };
}

/** Defines the newest kept definition again. */
export function undoDefine(domain: DomainState, uri: string): Script {
  const folder = `${backups}/${domain.name}`;
  return script({ undo: sh`${virsh(uri)} define ${folder}/"$(ls -1 ${folder} | tail -n 1)"` });
}

/** The document as text for people: passwords are stars. */
export function shownXml(document: Document): string {
  const copy = parseXml(formatXml(document), 'domain', 'the definition');
  for (const element of [...copy.getElementsByTagName('*')]) {
    for (const name of ['passwd', 'password']) if (element.hasAttribute(name)) element.setAttribute(name, '***');
  }
  return formatXml(copy);
}

/** A second document of the same content, to be edited. */
export function copyOf(document: Document): Document {
  return parseXml(formatXml(document), 'domain', 'the definition');
}

function candidate(domain: DomainState): string {
  return `/run/hostwright-${domain.name}.xml`;
}
