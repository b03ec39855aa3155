#!/bin/sh
# Builds the system disk of the lab. Runs as root in mount and pid namespaces of its own (see build.ts), so that every
# mount, loop device and stray daemon is gone when it ends, however it ends. "== TITLE" on stdout opens a step.
#
# From the environment: IMAGE OUT RECIPE SUITE MIRROR KEYRING PACKAGES OFFERED SIZE PUBLIC_KEY APT_CONF APT_FILES TAKE_QEMU, and
# what wget wants to know about proxies. OUT receives the kernel and initramfs for the first boot, and the host's public key.
set -eu
root=$(mktemp -d)
trap 'umount -R "$root" 2>/dev/null || true; rmdir "$root" 2>/dev/null || true' EXIT
trap 'exit 130' INT TERM

# The machine's own QEMU may be older than what the nested guests need (7.2 crashes them): take the image's along, with
# its libraries and the firmware that the lab's devices load.
take_qemu() {
  mkdir -p "$OUT/qemu/lib" "$OUT/qemu/share"
  cp "$root/usr/bin/qemu-system-x86_64" "$OUT/qemu/"
  chroot "$root" ldd /usr/bin/qemu-system-x86_64 | awk '/=> \//{ print $3 } /^[[:space:]]*\/lib64/{ print $1 }' |
    while read -r file; do cp -L "$root$file" "$OUT/qemu/lib/"; done
  for name in bios-256k.bin vgabios-stdvga.bin kvmvapic.bin linuxboot_dma.bin efi-virtio.rom; do
    cp -L "$root/usr/share/seabios/$name" "$OUT/qemu/share/" 2>/dev/null ||
      cp -L "$root/usr/share/qemu/$name" "$OUT/qemu/share/"
  done
  take_probe
}

# What the probe of KVM boots: the lab's own kernel, and a first process that says that it runs.
take_probe() {
  work=$root/run/probe
  mkdir -p "$OUT/qemu/probe" "$work/bin"
  cp -L "$root/usr/bin/busybox" "$work/bin/busybox"
  install -m 755 "$RECIPE/probe-init" "$work/init"
  chroot "$root" sh -c 'cd /run/probe && find . | cpio --quiet -o -H newc' > "$OUT/qemu/probe/initrd.img"
  cp "$root"/boot/vmlinuz-* "$OUT/qemu/probe/vmlinuz"
}

echo "== partition and format the disk"
truncate -s "$SIZE" "$IMAGE"
echo '2048,,L,*' | sfdisk --quiet --label dos "$IMAGE"
# By offset and not through a partition device: not every kernel scans the partitions of a loop device.
offset=$((2048 * 512))
mkfs.ext4 -q -F -L lab -E offset="$offset" "$IMAGE" "$(((SIZE - offset) / 1024))k"
mount -o "loop,offset=$offset,noatime,barrier=0" "$IMAGE" "$root"

echo "== debootstrap $SUITE from $MIRROR"
# The image is thrown away when the build fails: nothing needs to reach the disk before the end.
mkdir -p "$root/etc/dpkg/dpkg.cfg.d"
echo force-unsafe-io > "$root/etc/dpkg/dpkg.cfg.d/build"
debootstrap --variant=minbase --keyring="$KEYRING" "$SUITE" "$root" "$MIRROR"

mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t tmpfs tmpfs "$root/run"
mkdir "$root/run/recipe"
cp "$RECIPE"/* "$root/run/recipe/"
cp "$KEYRING" "$root/run/recipe/keyring.gpg"
cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
printf '%s\n' "$APT_CONF" > "$root/etc/apt/apt.conf.d/99build"
# Certificate files that the machine's apt configuration names, at the same place for the time of the build.
for file in $APT_FILES; do install -D -m 644 "$file" "$root$file"; done
chroot "$root" /bin/sh /run/recipe/chroot.sh
for file in $APT_FILES; do rm -f "$root$file"; done

echo "== close the disk"
rm -f "$root/etc/apt/apt.conf.d/99build" "$root/etc/dpkg/dpkg.cfg.d/build"
cp "$root"/boot/vmlinuz-* "$OUT/first-vmlinuz"
cp "$root"/boot/initrd.img-* "$OUT/first-initrd.img"
cp "$root/etc/ssh/ssh_host_ed25519_key.pub" "$OUT/host_key.pub"
[ -z "$TAKE_QEMU" ] || take_qemu
umount -R "$root"
