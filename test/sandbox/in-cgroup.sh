# Runs a command in control groups of its own until stdin ends, and removes them: sh in-cgroup.sh NAME COMMAND…
# Prints the command's process id first.
set -eu
name=$1
shift

# Where this process is in each hierarchy, of version 1 and of version 2.
places() {
  while IFS=: read -r _ controllers path; do
    case $controllers in
      '') base=/sys/fs/cgroup && [ ! -d $base/unified ] || base=$base/unified ;;
      *) base=/sys/fs/cgroup/${controllers#name=} ;;
    esac
    echo "$base${path%/}"
  done < /proc/self/cgroup
}

enter() {
  mkdir "$1/$name"
  # Those of version 1 take no process before they have processors and memory.
  for file in cpuset.cpus cpuset.mems; do
    [ ! -e "$1/$file" ] || cat "$1/$file" > "$1/$name/$file" || :
  done
  echo 0 > "$1/$name/cgroup.procs"
}

all=$(places)
exec 3<&0
(
  for place in $all; do enter "$place"; done
  exec "$@" </dev/null 3<&-
) &
command=$!
echo $command
(cat <&3 && kill -9 $command) >/dev/null 2>&1 &
wait $command || :

for place in $all; do
  # The last processes may still be on their way out.
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    [ ! -d "$place/$name" ] || find "$place/$name" -depth -type d -exec rmdir {} + 2>/dev/null && break
    sleep 0.1
  done
done
