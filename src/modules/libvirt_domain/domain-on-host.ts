import type { DomainArgs } from '../../host/domain/args.ts';
import { storageOf } from '../../host/domain/storage.ts';
import { uring } from '../../host/domain/uring.ts';
import { uringDisks } from '../../host/domain/uring-rule.ts';
import { domainState } from '../../host/libvirt/domain-state.ts';
import { all, later, map, type Seen } from '../../shell/look.ts';
import { hostLimits } from './host-limits.ts';
import { asksForHyperv, hypervOffer } from './hyperv-offer.ts';

export type DomainOnHost = Seen<ReturnType<typeof domainOnHost>>;

/**
 * The domain, and what the host has of what is asked for: enlightenments, and io_uring for the
 * disks that may have it. A domain that does not exist is a refusal.
 * @throws CannotTell
 */
export function domainOnHost(args: DomainArgs) {
  const { disks, name, uri } = args;
  const targets = uringDisks(disks);
  const looks = all({
    domain: domainState(name, uri),
    host: later(hostLimits),
    hyperv: asksForHyperv(args) ? later(hypervOffer(name, uri)) : undefined,
    uring: targets.length > 0 ? later(all({ storage: storageOf(name, targets, uri), uring: uring(uri) })) : undefined,
  });
  return map(looks, ({ domain, host, hyperv, uring }) =>
    'kind' in domain ? domain : { domain, host: { ...host(), hyperv: hyperv?.() }, uring: uring?.() },
  );
}
