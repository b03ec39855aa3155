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
(cd "$work" && find . | cpio --quiet -o -H newc | gzip -9) > "$boot/guest-initrd.img"
cp "/boot/vmlinuz-$release" "$boot/guest-vmlinuz"
chmod 644 "$boot"/guest-*
rm -rf "$work"
