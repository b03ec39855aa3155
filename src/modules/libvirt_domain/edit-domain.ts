import type { DomainArgs } from '../../host/domain/args.ts';
import { editIoThreads } from '../../host/domain/edit-threads.ts';
import { editTopology, editVcpus } from '../../host/domain/edit-vcpus.ts';
import type { Element } from '../../host/libvirt/xml.ts';
import { editClock } from './edit-clock.ts';
import { editScsiControllers } from './edit-controllers.ts';
import { editDisks } from './edit-disks.ts';
import { editFeatures } from './edit-features.ts';
import { removeLegacyDataplane } from './edit-legacy.ts';
import { editCpuTune, editMemoryBacking, editNumaTune } from './edit-tuning.ts';

/** Sets all parts of a domain that are given. */
export function editDomain(domain: Element, args: DomainArgs): void {
  if (args.remove_legacy_dataplane) removeLegacyDataplane(domain);
  if (args.vcpu) editVcpus(domain, args.vcpu);
  if (args.vcpu?.topology) editTopology(domain, args.vcpu.topology);
  if (args.iothreads !== undefined) editIoThreads(domain, args.iothreads);
  if (args.scsi_controllers) editScsiControllers(domain, args.scsi_controllers);
  if (args.disks) editDisks(domain, args.disks);
  if (args.cputune) editCpuTune(domain, args.cputune);
  if (args.numatune !== undefined) editNumaTune(domain, args.numatune);
  if (args.memory_backing) editMemoryBacking(domain, args.memory_backing);
  if (args.features) editFeatures(domain, args.features);
  if (args.clock) editClock(domain, args.clock);
}
