/** Process names are cut at 15 letters; a kernel thread may be called kvm-…, too. */
export const machinePattern = '^(qemu|kvm$|cloud-hyperviso|firecracker)';
