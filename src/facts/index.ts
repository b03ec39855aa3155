import { block } from './block.ts';
import { cpu } from './cpu.ts';
import type { FactGroup } from './fact.ts';
import { guests } from './guests.ts';
import { kernel } from './kernel.ts';
import { libvirt } from './libvirt.ts';
import { lvm } from './lvm.ts';
import { memory } from './memory.ts';
import { network } from './network.ts';
import { os } from './os.ts';

/** Every group of facts, by name. */
export const factGroups: readonly FactGroup[] = [block, cpu, guests, kernel, libvirt, lvm, memory, network, os];
