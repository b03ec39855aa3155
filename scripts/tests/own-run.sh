#!/bin/sh
# Runs a command with a /run of its own, within a mount namespace of its own. Tests use this machine
# as a host, and a run locks its host in /run: so tests that run at the same time do not get into
# each other's way. All that is in /run now can still be reached. What runs keep on their hosts, in
# /var/lib/hostwright, is gone with the namespace.
set -eu
old=$(mktemp -d)
mount --rbind /run "$old"
mount -t tmpfs -o mode=755 run /run
for entry in "$old"/*; do
  name=${entry##*/}
  case $name in hostwright*) continue ;; esac
  if [ -L "$entry" ]; then
    cp -P "$entry" "/run/$name"
  elif [ -d "$entry" ]; then
    mkdir -p "/run/$name"
    mount -n --rbind "$entry" "/run/$name"
  elif [ -e "$entry" ]; then
    : > "/run/$name"
    mount -n --bind "$entry" "/run/$name"
  fi
done
umount -l "$old"
rmdir "$old"
mkdir -p /var/lib/hostwright
mount -t tmpfs -o mode=700 hostwright /var/lib/hostwright
exec "$@"
