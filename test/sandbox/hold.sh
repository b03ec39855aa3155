# Makes a root of this machine's own and holds it until stdin ends: sh hold.sh FOLDER SHELL overlay|copy [systemd]
# With systemd that is the first process, and ends when it is killed.
# Runs in mount, UTS and PID namespaces of its own. The folder is empty; what changes in the root is in its "changes".
set -eu
folder=$1 shell=$2 kind=$3 init=${4:-}
root=$folder/root changes=$folder/changes

# In memory: an overlay cannot keep its changes on another overlay, which is what a container's root is.
mount -t tmpfs -o mode=755 sandbox "$folder"
mkdir "$root"

# Copies what tests may change and shows the rest read-only.
mirror() {
  for path in "$1"/*; do
    if [ -L "$path" ] || [ -f "$path" ]; then
      cp -a "$path" "$root$path"
      continue
    fi
    mkdir "$root$path"
    case $path in
      /usr | /usr/local | /var) (mirror "$path") ;;
      /proc | /sys | /dev | /tmp | /run | /home | /root) ;;
      /etc | *bin | /var/spool | /var/mail) cp -a "$path/." "$root$path" ;;
      *) mount -o bind,ro "$path" "$root$path" ;;
    esac
  done
}

overlay() {
  mkdir "$changes" "$folder/work"
  mount -t overlay -o "lowerdir=/,upperdir=$changes,workdir=$folder/work" sandbox "$root"
}

if [ "$kind" = copy ] || ! overlay; then
  rm -rf "$changes"
  ln -s root "$changes"
  mirror ''
fi

mount -t proc proc "$root/proc"
if [ "$init" = systemd ]; then
  # A first process thinks that the kernel is its own.
  mount -o bind,ro "$root/proc/sys" "$root/proc/sys"
  mount -t sysfs -o ro sys "$root/sys"
else
  mount --rbind /sys "$root/sys"
fi
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777 tmp "$root/tmp"
mount -t tmpfs -o mode=755 run "$root/run"
# FOLDER=NAME: a folder of this machine that is /run/NAME inside, wherever it is here.
for shown in ${SHOWN:-}; do
  mkdir "$root/run/${shown##*=}"
  mount -o bind,ro "${shown%=*}" "$root/run/${shown##*=}"
done

# Inside, so that absolute links of the root do not lead out of it.
chroot "$root" ln -sf "$(command -v "$shell")" /bin/sh
if [ "$shell" = busybox ]; then
  # What is there already stays, and is complained of.
  chroot "$root" busybox --install -s /usr/local/bin 2>/dev/null || :
fi

echo ready
[ "$init" = systemd ] || exec cat >/dev/null

# No unit of this machine starts: only what a test asks for.
printf '[Unit]\nDefaultDependencies=no\n' > "$root/etc/systemd/system/sandbox.target"
path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
exec chroot "$root" env -i container=sandbox PATH=$path /lib/systemd/systemd --unit=sandbox.target >/dev/null 2>&1
