import { block } from './block.ts';
import { cpu } from './cpu.ts';
import { env } from './env.ts';
import type { FactGroup } from './fact.ts';
import { fqdn } from './fqdn.ts';
import { guests } from './guests.ts';
import { kernel } from './kernel.ts';
import { libvirt } from './libvirt.ts';
import { lvm } from './lvm.ts';
import { memory } from './memory.ts';
import { network } from './network.ts';
import { os } from './os.ts';
import { selinux } from './selinux.ts';
import { user } from './user.ts';
import { virtualization } from './virtualization.ts';

/** Every group of facts, by name. */
export const factGroups: readonly FactGroup[] = [
  ...[block, cpu, env, fqdn, guests, kernel, libvirt, lvm, memory, network, os, selinux, user, virtualization],
];
