import { all, type Look, map, printed } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { allDomains, domains } from '../libvirt/all-domains.ts';
import { defineSame, otherNames, printNamed } from '../libvirt/named-files.ts';
import { attribute } from '../libvirt/xml.ts';
import { namesOf, namesOneOf, writesToOneOf } from './domains.ts';
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

/** Who uses the image at a path. @throws CannotTell */
export function usersOf(path: string, uri: string): Look<Users> {
  const which = 'every document, volumes by path';
  const looks = all({
    real: printed('readlink', sh`readlink -f -- ${path}`, [0, 1]),
    domains: domains(uri, which),
    named: printed(
      'virsh',
      sh`all=$(${allDomains(uri, which)}\n) || [ $? -eq 3 ] || exit 1
${defineSame([path])}; printf '%s\\n' "$all" | ${printNamed}`,
    ),
    lock: printed('qemu-img', lockOf(path)),
  });
  return map(looks, seen => {
    const paths = [...new Set([path, seen.real.trim(), ...otherNames(seen.named, 0)])].filter(name => name !== '');
    const naming = seen.domains.filter(domain => namesOneOf(domain, paths));
    const running = naming.filter(domain => attribute(domain, 'id') !== undefined);
    return {
      paths,
      domains: namesOf(naming),
      writers: namesOf(running.filter(domain => writesToOneOf(domain, paths))),
      locked: seen.lock.trim() === 'locked',
    };
  });
}
