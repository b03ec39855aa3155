import { storageOf } from '../../host/domain/storage.ts';
import { uring } from '../../host/domain/uring.ts';
import { disksOf, domainOf } from '../../host/libvirt/domain-element.ts';
import { domainState } from '../../host/libvirt/domain-state.ts';
import { all, later, map, type Seen } from '../../shell/look.ts';
import type { Args } from './schema.ts';

export type Disks = Seen<ReturnType<typeof disksOnHost>>;

/**
 * The disks of the definition by target, where they lie, and what io_uring depends on where it is
 * asked for. A domain that does not exist is a refusal.
 * @throws CannotTell
 */
export function disksOnHost(args: Args) {
  const { disks, io_uring, name, uri } = args;
  const asked = io_uring === 'allow' || Object.values(disks).some(({ io }) => io === 'io_uring');
  const looks = all({
    domain: domainState(name, uri),
    storage: later(storageOf(name, Object.keys(disks), uri)),
    uring: asked ? later(uring(uri)) : undefined,
  });
  return map(looks, ({ domain, storage, uring }) =>
    'kind' in domain ? domain : { uring: uring?.(), disks: disksOf(domainOf(domain.inactive)), storage: storage() },
  );
}
