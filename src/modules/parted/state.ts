import type { Refuse } from '../../decision.ts';
import type { Device } from '../../host/lvm/device.ts';
import type { Kernel, Table } from './table.ts';

export interface PartedState {
  readonly device: Device | undefined;
  readonly table: Table | undefined;
  readonly kernel: Kernel;
  /** Why a disk such as this has no partitions of ours. */
  readonly unfit: Refuse | undefined;
}
