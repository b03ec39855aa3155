/** Functions that look at what is there; see {@link definitions}. */
export const lookFunctions: Readonly<Record<string, string>> = {
  /**
   * hw_read FILE SIZE: reads a short file into $hw_c by builtins. Fails where that is not the whole
   * file: `read` drops NUL.
   */
  hw_read: `hw_read() {
hw_c= hw_l=
{ while IFS= read -r hw_l; do hw_c="$hw_c$hw_l
"; done <"$1"; } 2>/dev/null
hw_c=$hw_c$hw_l
[ \${#hw_c} = "$2" ]
}`,

  /**
   * hw_absent PATH: whether a PATH that is not seen is not there: else returns 2, with words on stderr.
   * What a shell says of a file that it cannot open tells one from the other without a process.
   */
  hw_absent: `hw_absent() {
case $({ : <"$1"; } 2>&1) in
*': No such file' | *': no such file' | *': No such file or directory' | *': Not a directory') return 0 ;;
esac
stat -c %f -- "$1"
return 2
}`,

  /**
   * hw_entry PATH DIRECTORY: what stat says of PATH is in $hw_s. Returns 1 where nothing is there, 3
   * where even DIRECTORY is missing, and 2 with words on stderr where that cannot be seen.
   */
  hw_entry: `hw_entry() {
if [ -e "$1" ] || [ -L "$1" ]; then hw_s=$(exec stat -c '%f %h %u %g %s %Y %d %i %U %G' -- "$1") && return; [ $? != 127 ] || return 127; return 2; fi
hw_absent "$1" || return
[ -d "$2" ] || return 3
return 1
}`,

  /**
   * hw_look PATH MOST: prints the line of stat, PATH and a NUL; behind these the content of a regular
   * file of up to MOST bytes, or "directory" for a link that leads to one. Leaves with the code of
   * hw_entry.
   */
  hw_look: `hw_look() {
hw_entry "$1" "\${1%/*}/"
hw_e=$?
case $hw_e in
0) printf '%s\\n%s\\0' "$hw_s" "$1" ;;
1 | 3) printf '%s\\0' "$1"; exit $hw_e ;;
*) exit $hw_e ;;
esac
if [ -L "$1" ]; then [ ! -d "$1" ] || printf directory; exit 0; fi
[ -f "$1" ] || exit 0
hw_p=$1 hw_m=$2
set -- $hw_s
[ "$5" -le "$hw_m" ] || exit 0
if [ "$5" -le 2048 ] && hw_read "$hw_p" "$5"; then printf %s "$hw_c"; exit; fi
head -c "$((hw_m + 1))" <"$hw_p" || exit 2
}`,

  /**
   * hw_trust LINK GOAL: a link that another user owns may lead only to what that user owns
   * (as systemd's "unsafe path transition").
   */
  hw_trust: `hw_trust() {
set -- "$1" "$2" $(exec stat -c %u -- "$1" "$2" /proc/self/)
case $3 in 0 | "$4" | "$5") return 0 ;; esac
echo "$1 is a link of user $3, and leads to $2, which belongs to user \${4:-?}: name $2 itself if you mean it" >&2
exit 5
}`,

  /** hw_follow: resolves the link $p. The x keeps a newline at the end of a name. */
  hw_follow: `hw_follow() {
hw_l=$p
p=$(readlink -f -- "$p" && echo x) || exit
p=\${p%??}
if [ -e "$p" ]; then hw_trust "$hw_l" "$p"; else hw_trust "$hw_l" "\${p%/*}/"; fi
}`,

  /** hw_cd DIRECTORY: enters it, and from then on it is an inode and not a path. */
  hw_cd: `hw_cd() {
cd -P -- "$1" || exit
[ "$PWD" != "$1" ] || return 0
hw_p=$1
while [ "\${#hw_p}" -gt 1 ]; do
[ ! -L "$hw_p" ] || hw_trust "$hw_p" "$PWD"
hw_p=\${hw_p%/*}
done
}`,
};
