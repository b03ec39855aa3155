/** Functions that find what a script has left running; see {@link definitions}. */
export const leftFunctions: Readonly<Record<string, string>> = {
  /**
   * hw_left FIRST SECONDS: $hw_pid is a process younger than FIRST that can still print where this
   * shell does, or empty. Its bytes would count as an answer of a later script. FIRST and SECONDS
   * are $hw_to and $hw_at of before.
   *
   * Processes have their numbers in order, so that only those are looked at which came since, and
   * no program is started for it. All are looked at where that order may not hold: after more than
   * five seconds, in which a host may have used all its numbers, and where no number came since,
   * although a section is a process.
   */
  hw_left: `hw_left() {
hw_pid= hw_from=$1 hw_since=$2
for hw_round in 1 2; do
hw_newest
hw_new=$((hw_to - hw_from - hw_own))
[ $hw_round$hw_new != 20 ] || return 0
if [ -n "$hw_at" ] && [ "$((hw_at - \${hw_since:-0}))" -le 5 ] && [ $hw_new -gt 0 ] && [ $hw_new -le 4096 ]; then
while [ "$hw_from" -lt "$hw_to" ]; do
hw_from=$((hw_from + 1))
[ -d "/proc/$hw_from/fd" ] && hw_stays "$hw_from" && return
done
else
# A thread of the kernel has no exe.
for hw_dir in /proc/[0-9]*; do
[ -e "$hw_dir/exe" ] && hw_young "$hw_dir" && hw_stays "\${hw_dir#/proc/}" && return
done
fi
hw_from=$hw_to hw_since=$hw_at
done
# On a host that starts programs all the time there are always new ones: those of others are none of ours.
hw_pid=
}`,

  /**
   * hw_newest: $hw_to is the number of the process that began last, and $hw_at the second of the
   * uptime, empty where that cannot be read. The number is in /proc/loadavg (proc(5)), unless that
   * does not yet know of a process which has just begun, or tells of another machine, as in some
   * containers: then each call starts a process, and $hw_own counts it.
   */
  hw_newest: `hw_newest() {
hw_own=0 hw_to=0 hw_at=
{ read -r hw_at hw_n </proc/uptime; } 2>/dev/null
hw_at=\${hw_at%.*}
case \${hw_told-new} in
1) hw_last; return ;;
new)
: & hw_told=
hw_last
[ "$!" -le "$hw_to" ] && [ "$hw_to" -le "$(($! + 64))" ] && hw_told=1 ;;
*) : & ;;
esac
hw_to=$! hw_own=1
}`,

  /** hw_last: $hw_to is the number that /proc/loadavg tells, where it can be read. */
  hw_last: `hw_last() {
{ read -r hw_n hw_n hw_n hw_n hw_to hw_n </proc/loadavg; } 2>/dev/null
}`,

  /**
   * hw_stays PID: whether it can print here for longer than it takes to redirect its output: a
   * shell does that only after it has forked.
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

  /**
   * hw_began DIRECTORY: $hw_start is when the process of this directory in /proc began: proc(5),
   * stat.
   */
  hw_began: `hw_began() {
{ read -r hw_stat <"$1/stat"; } 2>/dev/null || return
set -- \${hw_stat##*) }
hw_start=\${20:-0}
}`,

  /** hw_young DIRECTORY: whether the process of this directory in /proc began after this shell. */
  hw_young: `hw_young() {
[ -n "\${hw_mine-}" ] || { hw_began /proc/$$ && hw_mine=$hw_start; } || return
hw_began "$1" && [ "$hw_start" -gt "$hw_mine" ]
}`,
};
