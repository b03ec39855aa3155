import { textFile } from '../../host/lines/text.ts';
import { all, later, map, printed } from '../../shell/look.ts';
import { raw } from '../../shell/quote.ts';
import { physicalFunction } from './device.ts';
import { owners } from './owners.ts';
import { reached } from './reached.ts';
import type { Args } from './schema.ts';
import { documents, guestsOf } from './users.ts';

/** The device, who uses it, and what sets the number of its functions. */
export function deviceState({ pf, rules_file, uri }: Pick<Args, 'pf' | 'rules_file' | 'uri'>) {
  const parts = {
    udev: printed('udevadm', raw('command -v udevadm >/dev/null || exit 127')),
    pf: physicalFunction(pf),
    reached,
    owners: owners(pf, rules_file),
    documents: later(documents(uri)),
    file: textFile(rules_file),
    iommu: map(
      printed('sh', raw('for at in /sys/class/iommu/*; do [ ! -e "$at" ] || echo "${at##*/}"; done')),
      names => names.trim() !== '',
    ),
  };
  return map(all(parts), ({ documents, owners, ...seen }) => ({
    ...seen,
    ...owners,
    guests: seen.pf ? guestsOf(seen.pf, documents()) : [],
  }));
}
