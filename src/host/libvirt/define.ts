import { createHash } from 'node:crypto';
import type { Change } from '../../decision.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { type Script, script } from '../../shell/script.ts';
import type { DomainState } from './domain-state.ts';
import { leaving } from './foretold.ts';
import { keptFolder } from './kept.ts';
import { virsh } from './virsh.ts';
import { type Document, type Element, formatXml, parseXml } from './xml.ts';

/**
 * What a change has that defines a domain again with {@link defineSections}. The candidate on the
 * host is in memory and readable by root only, because a definition has passwords in it.
 */
export function redefining(
  domain: DomainState,
  edited: Document,
  uri: string,
): Pick<Change, 'puts' | 'undo' | 'replaces' | 'leaves'> {
  const { name, hash } = domain;
  return {
    puts: [{ to: candidate(domain), content: formatXml(edited) }],
    undo: undoDefine(domain, uri),
    replaces: [{ kind: 'domain', name, uri, sha256: hash }],
    leaves: leaving({ name, uri }, { definition: edited }),
  };
}

/** JSON Schema of the field `definition` of a result: what is stored now, once it is as wanted. */
export const definitionSchema = {
  type: 'string',
  description: 'SHA-256 of the stored definition, as virsh dumpxml --inactive --security-info prints it.',
} as const;

/** Leaves with 75 if the definition has changed since it was looked at. */
export function sameDefinition(domain: DomainState, uri: string): ShellText {
  return sh`${isStill(domain, uri)} || exit 75`;
}

/**
 * Keeps the old definition and defines the candidate. Validation is not optional: without it
 * libvirt drops silently what it does not know. Only where the old definition itself fails it (a
 * vendor's extension) is the candidate defined without, and verify then finds what was dropped.
 * What libvirt made of the candidate is remembered by its hash, for {@link undoDefine}.
 */
export function defineSections(
  domain: DomainState,
  uri: string,
): Readonly<Record<'backup' | 'define', ReturnType<typeof raw>>> {
  const { hash, name } = domain;
  const folder = keptFolder(name);
  const changed = `somebody else has just changed the definition of ${name}: nothing was defined`;
  return {
    backup: join([
      raw('umask 077; set -e'),
      sh`mkdir -p ${folder}; cd ${folder}`,
      raw('to=$(date -u +%Y%m%dT%H%M%SZ)'),
      raw('while [ -e "$to.xml" ]; do to=${to}a; done'),
      sh`${virsh(uri)} ${dump(name)} >"$to.xml"`,
      raw('ls -1r | tail -n +11 | while read -r old; do rm -f "$old"; done'),
    ]),
    define: join([
      sh`new=${candidate(domain)}; trap 'rm -f "$new"' EXIT`,
      lockDefinition(name),
      sh`${isStill(domain, uri)} || { echo ${changed} >&2; exit 1; }`,
      defineCandidate(domain, uri, true),
      sh`if [ "$hash" = ${hash} ]; then`,
      sh`  old=${folder}/$(ls -1 ${folder} | tail -n 1)`,
      sh`  ${virsh(uri)} define --validate "$old" >/dev/null 2>&1 && exit 1`,
      sh`  ${defineCandidate(domain, uri, false)}`,
      raw('fi'),
      sh`case $hash in ${hash} | ${ofNothing}) exit 1 ;; esac`,
      sh`echo "$hash" >${defined(name)}`,
    ]),
  };
}

/**
 * Defines the definition from before the change again, unless somebody has changed since what was
 * defined.
 */
function undoDefine(domain: DomainState, uri: string): Script {
  const { hash, name } = domain;
  const folder = keptFolder(name);
  const changed = `the definition of ${name} has been changed again since, and stays as it is now`;
  return script({
    undo: join([
      lockDefinition(name),
      sh`hash=$(${virsh(uri)} ${dump(name)} | ${hashed}) && [ "\${hash%% *}" = "$(cat ${defined(name)})" ] || { \
echo ${changed} >&2; exit 1; }`,
      sh`old=${folder}/$(ls -1 ${folder} | tail -n 1)`,
      sh`hash=$(sha256sum <"$old") && [ "\${hash%% *}" = ${hash} ] || { \
echo "$old" ${`is not the definition of ${name} from before this change`} >&2; exit 1; }`,
      sh`${virsh(uri)} define "$old"`,
    ]),
  });
}

/**
 * Takes the lock of a domain's definition until the shell ends. Other programs that change
 * definitions can take it, too:
 * `flock /run/hostwright-vm1.lock virsh edit vm1`.
 */
export function lockDefinition(name: string): ShellText {
  const held =
    `another program has held /run/hostwright-${name}.lock for a minute, the lock of the ` + `definition of ${name}`;
  return sh`exec 9>${`/run/hostwright-${name}.lock`} && flock -w 60 9 || { echo ${held} >&2; exit 1; }`;
}

function dump(name: string): ShellText {
  return sh`dumpxml --inactive --security-info --domain ${name}`;
}

/** Succeeds where the definition is the one that was probed. */
function isStill({ hash, name }: DomainState, uri: string): ShellText {
  return sh`hash=$(${virsh(uri)} ${dump(name)} | sha256sum) && [ "\${hash%% *}" = ${hash} ]`;
}

/**
 * Defines the candidate and puts the hash of what it has become into `hash`, in one process:
 * between two of them somebody else could define
 * something. virsh leaves with what the second command says; where the first fails, the hash is
 * still that of the old definition.
 */
function defineCandidate(domain: DomainState, uri: string, validate: boolean): ShellText {
  const define = validate ? sh`define --validate ${candidate(domain)}` : sh`define ${candidate(domain)}`;
  const both = `${define.text}; ${dump(domain.name).text}`;
  return sh`hash=$(${virsh(uri)} ${both} | ${hashed}) && hash=\${hash%% *}`;
}

/** The hash of a definition, without what older versions of virsh say before it. */
const hashed = raw("sed -n '/^<domain /,$p' | sha256sum");

const ofNothing = createHash('sha256').digest('hex');

/** Where the hash of what was defined last is kept until the next boot. */
function defined(name: string): string {
  return `/run/hostwright-${name}.defined`;
}

/**
 * The document as text for people: passwords are stars, and attributes are sorted, for libvirt has
 * an order of its own.
 */
export function shownXml(document: Document): string {
  const copy = parseXml(formatXml(document), 'domain', 'the definition');
  for (const element of [...copy.getElementsByTagName('*')]) {
    for (const name of ['passwd', 'password']) if (element.hasAttribute(name)) element.setAttribute(name, '***');
    sortAttributes(element);
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

function sortAttributes(element: Element): void {
  const sorted = [...element.attributes].sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const node of sorted) element.removeAttributeNode(node);
  for (const node of sorted) element.setAttributeNode(node);
}
