import { type Refuse, refuse } from '../../decision.ts';
import { formatSize } from '../../host/size.ts';
import { folder, type Merging } from './merging.ts';

/** There is nothing to switch on. */
export const noKsm: Refuse = refuse(
  `the kernel has no KSM (${folder})`,
  'Boot a kernel that was built with CONFIG_KSM, or leave it off.',
);

/** ksmtuned sets it by itself. */
export const refuseSteered: Refuse = refuse(
  'ksmtuned runs, which starts and stops the merging by itself',
  'Stop and disable it first: service: {name: ksmtuned, state: stopped, enabled: false}.',
  { needs: [{ kind: 'unit', name: 'ksmtuned.service' }] },
);

/** The memory is too little for all pages on their own. */
export function refuseUnmerge({ merged, available }: Merging): Refuse {
  return refuse(
    `taking merged pages apart needs ${formatSize(merged)}, and the host has ${formatSize(available)} available`,
    'Shut guests down or move them away first: the kernel would kill processes to get the memory.',
  );
}
