import { type Refuse, refuse } from '../../decision.ts';
import { type Boot, type Loader, tunedPath } from '../../host/boot/loader.ts';
import { pick } from '../../host/boot/tokens.ts';

const advice: Readonly<Record<Exclude<Loader, 'grub' | 'grubby'>, string>> = {
  'grub-without-directory':
    'Its grub-mkconfig reads no /etc/default/grub.d (SUSE, upstream GRUB): edit /etc/default/grub by hand.',
  ostree: 'Use rpm-ostree kargs --append=….',
  proxmox: 'Edit /etc/kernel/cmdline and run proxmox-boot-tool refresh.',
  kernelstub: 'Use kernelstub --add-options ….',
  'systemd-boot': 'Edit /etc/kernel/cmdline and run kernel-install add-all.',
  unknown: 'There is neither grub-mkconfig nor grubby on the PATH.',
};

/**
 * The refusal of a boot loader that this module does not write; writing the wrong one would change
 * a file that is never booted.
 */
export function unsupported(loader: Exclude<Loader, 'grub' | 'grubby'>): Refuse {
  return refuse(
    loader === 'unknown'
      ? 'no known boot loader is there'
      : `the kernel command line is kept by ${loader}, which is not supported`,
    advice[loader],
    { ...(loader === 'unknown' ? { needs: [{ kind: 'program', name: 'grub-mkconfig' }] } : {}) },
  );
}

/**
 * The refusal of a GRUB that did not boot the running kernel: its menu may be one that is never
 * booted.
 */
export function bootedOtherwise({ live, loader }: Boot): Refuse | undefined {
  if (loader !== 'grub' || live.some(token => token.startsWith('BOOT_IMAGE='))) return undefined;
  return refuse(
    'GRUB is installed, but did not boot the running kernel: /proc/cmdline has no BOOT_IMAGE',
    'Set the parameters where the host boots from: systemd-boot (bootctl status), or a ' +
      'kernel that the hypervisor of this host is given.',
  );
}

/** The refusal of parameters that a profile of tuned sets. */
export function setByTuned({ settings }: Boot, names: readonly string[]): Refuse | undefined {
  const line = settings.find(({ file, tokens }) => file === tunedPath && pick(tokens, names).length > 0);
  if (!line) return undefined;
  return refuse(
    `a profile of tuned sets ${pick(line.tokens, names).join(' ')} (${line.file}:${line.line})`,
    'Two owners of one parameter end badly: choose another profile (tuned-adm profile), or leave it out here.',
  );
}
