import { seenFormat } from './formats.ts';

/** Functions that write a file; see {@link definitions}. */
export const writeFunctions: Readonly<Record<string, string>> = {
  /**
   * hw_open DIRECTORY NAME WAS: begins to write DIRECTORY/NAME. WAS is empty where nothing was
   * there, else what stat said of it. What is written to descriptor 3 becomes its content.
   *
   * Where only we may write the directory, the new file is in it; else in a directory of its own
   * that only we can enter. Leaves with 75 if WAS does not hold.
   */
  hw_open: `hw_open() {
hw_cd "$1"
hw_name
hw_t=./$2
hw_tidy
set -C
if [ -O . ] && [ ! -k . ]; then
hw_new "$3"
case $hw_a in d????-??-*) return 0 ;; esac
rm -f -- "$hw_k"
fi
hw_alone "$hw_k"
hw_name
hw_t=../$2
hw_new "$3"
hw_private
}`,

  /**
   * hw_new WAS: a new empty file $hw_k, open as descriptor 3, with the attributes, ACL and label of
   * the file that it will replace. It has these before it has its content.
   */
  hw_new: `hw_new() {
{ command exec 3>"$hw_k"; } 2>/dev/null || hw_stuck "$hw_k" "$( { : >"$hw_k"; } 2>&1 )"
case $1 in 8*)
cp --attributes-only --preserve=all --no-preserve=timestamps -- "$hw_t" /proc/self/fd/3 2>/dev/null ;;
esac
hw_see "$1"
}`,

  /**
   * hw_see WAS: what stat says: $hw_a of ".", $hw_is of the new file. Leaves with 75 unless it says
   * WAS of the goal, or nothing is there where WAS is empty.
   */
  hw_see: `hw_see() {
set -- "$1" $(exec stat -c '${seenFormat}' -- . "$hw_k" \${1:+"$hw_t"})
hw_a=$2 hw_is=$6
if [ -z "$1" ]; then [ ! -e "$hw_t" ] && [ ! -L "$hw_t" ]; else [ "$9 \${10}" = "$1" ]; fi && return
hw_changed "\${hw_t##*/}"
}`,

  /** hw_changed NAME: ends the section as a guard does. */
  hw_changed: `hw_changed() {
echo "$1 is not what it was when it was looked at" >&2
exit 75
}`,

  /**
   * hw_take KEY DIRECTORY NAME WAS: like hw_open, but the content is there already, in the
   * directory that was made when it was sent ahead.
   */
  hw_take: `hw_take() {
hw_cd "$2"
exec 4<. || exit
hw_k= hw_d=./.hostwright.$1
hw_tidy
hw_enter "$hw_d"
hw_sure
hw_k=./$1
hw_t=../$3
set -C
exec 3<"$hw_k" || exit
hw_see "$4"
}`,

  /** hw_holds TEXT: the goal still has this content, which is short. Leaves with 75 if not. */
  hw_holds: `hw_holds() {
hw_read "$hw_t" "\${#1}" && [ "$hw_c" = "$1" ] && return
hw_changed "\${hw_t##*/}"
}`,

  /**
   * hw_unwritten: ends the section where the content could not be written, and says how much room
   * there is.
   */
  hw_unwritten: `hw_unwritten() {
echo "\${hw_t##*/} could not be written: $(df -Pk . | awk 'END { print $4 }') KiB are free in its file system" >&2
exit 1
}`,

  /** hw_own IS OWNER MODE: gives the new file its owner and mode, unless it IS so already. */
  hw_own: `hw_own() {
case $hw_is in $1) return 0 ;; esac
[ -z "$2" ] || chown -h -- "$2" "$hw_k" || exit
chmod "$3" "$hw_k" || exit
}`,

  /**
   * hw_backup: what is there keeps a second name, by the time; a copy where the file system has no
   * second names.
   */
  hw_backup: `hw_backup() {
hw_b=$hw_t.$(date +%Y-%m-%d@%H:%M:%S)
ln -T -- "$hw_t" "$hw_b~" 2>/dev/null || ln -T -- "$hw_t" "$hw_b.$$~" 2>/dev/null ||
{ cp -pPR -- "$hw_t" "$hw_k.old" && mv -fT -- "$hw_k.old" "$hw_b~"; }
}`,

  /**
   * hw_keeps RUN: sets $hw_f to the folder of what this run replaces on the host: of root in
   * /var/lib, of another user in their home. The HOME of root may be that of another user.
   */
  hw_keeps: `hw_keeps() {
hw_f=/var/lib
[ -O "$hw_f" ] || hw_f=\${HOME:-/nonexistent}/.local/state
hw_f=$hw_f/hostwright/replaced/$1
}`,

  /**
   * hw_keep NAME: what is there keeps a second name among what the run replaces; a copy where that
   * is on another file system. Where it cannot, the change goes on: who puts it back is told.
   * Another user may have put a fifo there, which is copied and not read.
   */
  hw_keep: `hw_keep() {
[ -n "\${hw_run-}" ] || return 0
hw_keeps "$hw_run"
[ -d "$hw_f" ] || hw_keeper
[ -e "$hw_f/$1" ] || ln -T -- "$hw_t" "$hw_f/$1" 2>/dev/null ||
{ cp -pPR -- "$hw_t" "$hw_f/$1.new" && mv -fT -- "$hw_f/$1.new" "$hw_f/$1"; } 2>/dev/null || :
}`,

  /**
   * hw_keeper: makes the folder of what a run replaces, which only its owner can enter, and removes
   * all but the twenty newest, whose names sort by time, and the run $hw_back that is put back.
   */
  hw_keeper: `hw_keeper() {
( umask 077
mkdir -p -- "$hw_f" && cd -P -- "$hw_f/.." && ls -1r | tail -n +21 |
while read -r hw_n; do [ "$hw_n" = "\${hw_back-}" ] || rm -rf -- "./$hw_n"; done ) 2>/dev/null
return 0
}`,

  /** hw_place: the new file takes its place. */
  hw_place: `hw_place() {
[ "$hw_k" -ef /proc/self/fd/3 ] || { echo "$hw_k was replaced while it was written" >&2; exit 1; }
hw_e=$(exec mv -fT -- "$hw_k" "$hw_t" 2>&1) || hw_stuck "$hw_t" "$hw_e"
}`,

  /**
   * hw_stuck NAME WORDS: ends the section where a program could not make, change or remove NAME,
   * and said so in these words; looks for the reason, and says what to do.
   */
  hw_stuck: `hw_stuck() {
hw_e=$2 hw_n=$(cd -P -- "\${1%/*}/" && echo "\${PWD%/}")
case $hw_e in
*'resource busy'*)
hw_e="Unmount it (umount), or name the file that is mounted there. $hw_e"
hw_e="$hw_n/\${1##*/} is a mount point: no other file can take its place. $hw_e" ;;
# "File exists" is what the ln of busybox says of a name that it could not remove.
*'not permitted'* | *'File exists'*)
for hw_f in "$hw_n/\${1##*/}" "\${hw_n:-/}"; do
set -- $(exec lsattr -d "$hw_f" 2>/dev/null)
case \${1-} in *[ai]*) ;; *) continue ;; esac
hw_e="$hw_f is immutable or append-only (lsattr: $1): chattr -i -a makes it writable. $hw_e"
break
done ;;
esac
printf '%s\n' "$hw_e" >&2
exit 1
}`,
};
