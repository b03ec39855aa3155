# Runs once in the booted VM, at the end of the build: what needs a real machine, a real GRUB or a running libvirtd.
set -eu
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
here=/usr/local/share/lab
udevadm settle

echo "== install the boot loader"
grub-install --target=i386-pc /dev/disk/by-id/virtio-HWSYSTEM
update-grub

echo "== the disk that carries data"
mkfs.ext4 -q -L precious /dev/disk/by-id/virtio-HWDATA2
mount /dev/disk/by-id/virtio-HWDATA2 /mnt
echo 'Customer data: this file must survive every test.' > /mnt/precious.txt
umount /mnt

echo "== define the guests"
cd /var/lib/libvirt/images
for name in vm1 vm2; do
  truncate -s 1G "$name.raw"
  virsh -q define --validate "$here/$name.xml"
done
truncate -s 1G winlike.raw
virsh -q define --validate "$here/winlike.xml"
rm -r "$here"
sync
