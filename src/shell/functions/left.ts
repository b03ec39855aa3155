/** Functions that find what a script has left running; see {@link definitions}. */
export const leftFunctions: Readonly<Record<string, string>> = {
  /**
   * hw_left FIRST: $hw_pid is a process younger than FIRST that can still print where this shell does,
   * or empty. Its bytes would count as an answer of a later script. Processes have their numbers in
   * order, so that only those are looked at which came since, and no program is started for it.
   */
  hw_left: `hw_left() {
hw_pid= hw_from=$1
for hw_round in 1 2; do
hw_newest
[ "$((hw_to - hw_from))" != "$hw_own" ] || return 0
if [ "$hw_to" -gt "$hw_from" ] && [ "$((hw_to - hw_from))" -le 4096 ]; then
while [ "$hw_from" -lt "$hw_to" ]; do
hw_from=$((hw_from + 1))
[ -d "/proc/$hw_from/fd" ] && hw_stays "$hw_from" && return
done
else
for hw_dir in /proc/[0-9]*; do hw_young "$hw_dir" && hw_stays "\${hw_dir#/proc/}" && return; done
fi
hw_from=$hw_to
done
# On a host that starts programs all the time there are always new ones: those of others are none of ours.
hw_pid=
}`,

  /**
   * hw_newest: $hw_to is the number of the process that began last. It is in /proc/loadavg (proc(5)),
   * unless that tells of other processes than this shell sees, as in some containers: then one is
   * started, and $hw_own counts it.
   */
  hw_newest: `hw_newest() {
hw_own=0 hw_to=0
[ -z "\${hw_told-new}" ] || { read -r hw_n hw_n hw_n hw_n hw_to hw_n </proc/loadavg; } 2>/dev/null
case \${hw_told-new} in
1) return ;;
new)
: & hw_told=
[ "$hw_to" -lt "$!" ] && [ "$!" -le "$((hw_to + 64))" ] && hw_told=1 ;;
*) : & ;;
esac
hw_to=$! hw_own=1
}`,

  /**
   * hw_stays PID: whether it can print here for longer than it takes to redirect its output: a shell
   * does that only after it has forked.
   */
  hw_stays: `hw_stays() {
for hw_try in 1 2 3 4 5; do
hw_prints "$1" || return
[ $hw_try = 5 ] || { hw_pid=; sleep 0.1 2>/dev/null || sleep 1; }
done
}`,

  /** hw_prints PID: whether it has the stdout or stderr of this shell open for writing. */
  hw_prints: `hw_prints() {
for hw_fd in /proc/$1/fd/*; do
[ "$hw_fd" -ef /proc/$$/fd/1 ] || [ "$hw_fd" -ef /proc/$$/fd/2 ] || continue
hw_flags=
{ while read -r hw_key hw_word; do
[ "$hw_key" != flags: ] || hw_flags=$hw_word
done <"/proc/$1/fdinfo/\${hw_fd##*/}"; } 2>/dev/null
case $hw_flags in *[12]) hw_pid=$1; return 0 ;; esac
done
return 1
}`,

  /** hw_began DIRECTORY: $hw_start is when the process of this directory in /proc began: proc(5), stat. */
  hw_began: `hw_began() {
{ read -r hw_stat <"$1/stat"; } 2>/dev/null || return
set -- \${hw_stat##*) }
hw_start=\${20:-0}
}`,

  /** hw_young DIRECTORY: whether the process of this directory in /proc began after this shell. */
  hw_young: `hw_young() {
hw_began "$1" && set -- "$hw_start" && hw_began /proc/$$ && [ "$1" -gt "$hw_start" ]
}`,
};
