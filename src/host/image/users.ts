import { accept } from '../../shell/answer.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';
import { allDomains, domainDocuments } from '../libvirt/all-domains.ts';
import { domainOf } from '../libvirt/domain-element.ts';
import { defineSame, otherNames, printNamed } from '../libvirt/named-files.ts';
import { attribute, child, type Element } from '../libvirt/xml.ts';
import { lockOf } from './lock.ts';

/** Who has to do with an image. */
export interface Users {
  /** Its names: as it was given, without symbolic links, and as domains have it. */
  readonly paths: readonly string[];
  /** Domains that name it: defined, running or saved. */
  readonly domains: readonly string[];
  /** Those of them that run and may write to it. */
  readonly writers: readonly string[];
  /** Somebody has it open for writing. */
  readonly locked: boolean;
}

/** Probe sections for {@link readUsers}. */
export function userSections(path: string, uri: string): Readonly<Record<string, ShellText>> {
  return {
    real: sh`readlink -f -- ${path}`,
    domains: allDomains(uri, 'every document, volumes by path'),
    named: sh`all=$(${allDomains(uri, 'every document, volumes by path')}\n) || [ $? -eq 3 ] || exit 1
${defineSame([path])}; printf '%s\\n' "$all" | ${printNamed}`,
    lock: lockOf(path),
  };
}

/** @throws CannotTell */
export function readUsers(answer: Answer, path: string): Users {
  const real = accept(answer, 'real', [0, 1], 'readlink').stdout.trim();
  const others = otherNames(accept(answer, 'named', [0], 'virsh').stdout, 0);
  const paths = [...new Set([path, real, ...others])].filter(name => name !== '');
  const domains = domainDocuments(answer, 'domains').map(domainOf);
  const naming = domains.filter(domain => [...domain.getElementsByTagName('*')].some(names(paths)));
  return {
    paths,
    domains: nameAll(naming),
    writers: nameAll(naming.filter(domain => attribute(domain, 'id') !== undefined && writes(domain, paths))),
    locked: accept(answer, 'lock', [0], 'qemu-img').stdout.trim() === 'locked',
  };
}

function names(paths: readonly string[]): (element: Element) => boolean {
  return element =>
    [...element.attributes].some(({ value }) => paths.includes(value)) ||
    paths.includes((element.textContent ?? '').trim());
}

/** What is below a disk, or a disk that is read-only, is only read. */
function writes(domain: Element, paths: readonly string[]): boolean {
  return [...domain.getElementsByTagName('disk')].some(disk => {
    const source = child(disk, 'source');
    const file = source && (attribute(source, 'file') ?? attribute(source, 'dev'));
    return file !== undefined && paths.includes(file) && !child(disk, 'readonly');
  });
}

function nameAll(domains: readonly Element[]): readonly string[] {
  return [...new Set(domains.map(domain => child(domain, 'name')?.textContent ?? ''))];
}
