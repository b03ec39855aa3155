# The second half of the build, inside the new system: packages, users, and the guest that the VM will run.
set -eu
export DEBIAN_FRONTEND=noninteractive LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
recipe=/run/recipe

echo "== install packages"
printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
echo "deb [signed-by=$recipe/keyring.gpg] $MIRROR $SUITE main" > /etc/apt/sources.list
apt-get -q update
# shellcheck disable=SC2086
apt-get -q install -y --no-install-recommends $PACKAGES
apt-get clean

echo "== put packages aside that roles install"
offer=/srv/packages
mkdir -p $offer/partial
# shellcheck disable=SC2086
apt-get -q install -y --no-install-recommends --download-only -o Dir::Cache::archives=$offer $OFFERED
rm -rf $offer/partial $offer/lock
cd $offer
for file in *.deb; do
  dpkg-deb --field "$file"
  printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$file" "$(stat -c %s "$file")" "$(sha256sum "$file" | cut -d' ' -f1)"
done > Packages
cd /
rm -rf /var/lib/apt/lists/* /usr/sbin/policy-rc.d
echo "deb [trusted=yes] file:$offer ./" > /etc/apt/sources.list
apt-get -q update

echo "== configure the system"
echo hv1 > /etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 hv1\n' > /etc/hosts
echo "LABEL=lab / ext4 defaults,errors=remount-ro 0 1" > /etc/fstab
printf 'nameserver 10.0.2.3\n' > /etc/resolv.conf
printf '[Match]\nName=en* eth*\n\n[Network]\nDHCP=ipv4\nLinkLocalAddressing=no\n' > /etc/systemd/network/lab.network
systemctl -q enable systemd-networkd
# What runs by the clock (logs rotated, the database of packages saved, at midnight) would look like the work of a test, and burns
# processor time, above all after the clock jumps.
systemctl -q mask timers.target
systemctl -q disable systemd-networkd-wait-online.service
# A session in logind is a third of what a log-in costs an emulated processor, and root's first starts a user manager, which takes ten seconds.
sed -i '/pam_systemd/d' /etc/pam.d/common-session
rm /etc/update-motd.d/*

useradd -m -s /bin/bash admin
echo 'admin ALL=(ALL:ALL) NOPASSWD: ALL' > /etc/sudoers.d/admin
useradd -m -s /bin/bash -g operator operator # Debian ships the group
echo 'operator ALL=(ALL:ALL) ALL' > /etc/sudoers.d/operator
chmod 440 /etc/sudoers.d/admin /etc/sudoers.d/operator
printf 'permit nopass admin\n' > /etc/doas.conf
printf '%s\n' 'root:lab-root' 'operator:lab-operator' | chpasswd
for user in root admin operator; do
  home=$(getent passwd "$user" | cut -d: -f6)
  install -d -m 700 -o "$user" "$home/.ssh"
  echo "$PUBLIC_KEY" > "$home/.ssh/authorized_keys"
  chown -R "$user:" "$home/.ssh"
done

# What Debian's cloud images do: the stock file stays as it is, the serial console comes from a file next to it.
mkdir -p /etc/default/grub.d
# tsc=reliable: an emulated machine counts all its processors' ticks alike. Without, the kernel reads the time from an
# emulated HPET, for which each processor has to wait for the others.
cat > /etc/default/grub.d/10_lab.cfg <<'GRUB'
GRUB_TIMEOUT=1
GRUB_CMDLINE_LINUX="console=tty0 console=ttyS0,115200 tsc=reliable"
GRUB_TERMINAL="console serial"
GRUB_SERIAL_COMMAND="serial --speed=115200"
GRUB

echo "== make the guest"
sh "$recipe/guest.sh" "$(basename /lib/modules/*)"
install -d /usr/local/share/lab
install -m 644 "$recipe"/*.xml "$recipe/first-boot.sh" /usr/local/share/lab/
