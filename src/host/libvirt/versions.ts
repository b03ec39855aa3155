/** The versions in what `virsh version` printed: `11.3.0`; undefined where it does not say one. */
export function versionsIn(text: string): { readonly libvirt: string | undefined; readonly qemu: string | undefined } {
  return {
    libvirt: /^Using library: libvirt (\S+)/m.exec(text)?.[1],
    qemu: /^Running hypervisor: QEMU (\S+)/m.exec(text)?.[1],
  };
}
