# The lab's good guest: the VM's own kernel and a busybox initramfs. It writes to its disk at a steady, slow pace and
# powers off when the power button is pressed, so that graceful shutdown, O_DIRECT and iothread activity are real.
set -eu
release=$1
boot=/var/lib/libvirt/boot
work=$(mktemp -d)
mkdir -p "$boot" "$work/bin" "$work/dev" "$work/proc" "$work/sys" "$work/lib/modules"
cp "$(command -v busybox)" "$work/bin/busybox"
install -m 755 /run/recipe/guest-init "$work/init"

# In the order of loading, each once, uncompressed: the guest loads them with insmod, which knows nothing of .ko.xz.
number=10
for module in virtio_pci virtio_blk button evdev; do
  modprobe --set-version "$release" --show-depends "$module" | while read -r verb file _; do
    [ "$verb" = insmod ] && echo "$file"
  done || true
done | awk '!seen[$0]++' | while read -r file; do
  name=$(basename "$file")
  case $name in
    *.xz) xz -dc "$file" > "$work/lib/modules/$number-${name%.xz}" ;;
    *) cp "$file" "$work/lib/modules/$number-$name" ;;
  esac
  number=$((number + 1))
done
(cd "$work" && find . | cpio --quiet -o -H newc) > "$boot/guest-initrd.img"

# Neither is compressed: an emulated processor within an emulated one takes a quarter of a minute to unpack a kernel. QEMU starts an
# ELF kernel as a PVH guest. In a bzImage it lies in one piece, packed (scripts/extract-vmlinux of the kernel); what follows it is no
# part of the packed file, which the programs complain of.
packed=/boot/vmlinuz-$release
is_elf() { [ "$(head -c 4 "$1" | tail -c 3)" = ELF ]; }
while read -r magic unpack; do
  for at in $(LC_ALL=C grep -abo "$(printf "$magic")" "$packed" | cut -d : -f 1); do
    is_elf "$boot/guest-vmlinux" 2>/dev/null || tail -c "+$((at + 1))" "$packed" | $unpack > "$boot/guest-vmlinux" 2>/dev/null || true
  done
done <<'FORMATS'
\050\265\057\375 zstd -dc
\3757zXZ xz -dc
FORMATS
is_elf "$boot/guest-vmlinux" || { echo "$packed: no kernel found in it" >&2; exit 1; }
chmod 644 "$boot"/guest-*
rm -rf "$work"
