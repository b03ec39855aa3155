import { entryFormat } from './formats.ts';

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
   * hw_absent PATH: whether a PATH that is not seen is not there: else returns 2, with words on
   * stderr. What a shell says of a file that it cannot open tells one from the other. It says so
   * into the pipe of a here-document (a file, in a bash before 5.1) and reads it from there, which
   * takes no process; one is started only where that cannot be.
   */
  hw_absent: `hw_absent() {
hw_e=
{ { { command : <"$1"; } 2>/proc/self/fd/7
while IFS= read -r hw_l; do hw_e=$hw_l; done <&7
} 7<<hw_end

hw_end
} 2>/dev/null
[ -n "$hw_e" ] || hw_e=$({ : <"$1"; } 2>&1)
case $hw_e in
*': No such file' | *': no such file' | *': No such file or directory' | *': Not a directory') return 0 ;;
esac
stat -c %f -- "$1"
return 2
}`,
  /**
   * hw_there PATH: returns 0 where something is there, 1 where nothing is, and 2 with words on
   * stderr where that cannot be seen.
   */
  hw_there: `hw_there() {
if [ -e "$1" ] || [ -L "$1" ]; then return; fi
hw_absent "$1" && return 1
return 2
}`,

  /**
   * hw_entry PATH DIRECTORY: what stat says of PATH is in $hw_s. Returns 1 where nothing is there,
   * 3 where even DIRECTORY is missing, and 2 with words on stderr where that cannot be seen.
   */
  hw_entry: `hw_entry() {
if [ -e "$1" ] || [ -L "$1" ]; then
hw_s=$(exec stat -c '${entryFormat}' -- "$1") && return
[ $? != 127 ] || return 127
return 2
fi
hw_absent "$1" || return
[ -d "$2" ] || return 3
return 1
}`,

  /**
   * hw_look PATH MOST: prints the line of stat, PATH and a NUL; behind these the content of a
   * regular file of up to MOST bytes, or "directory" for a link that leads to one. Leaves with the
   * code of hw_entry.
   */
  hw_look: `hw_look() {
if [ "$2" -ge 0 ] && [ -f "$1" ] && [ ! -L "$1" ]; then
hw_e=2
{ hw_show "$1" "$2"; hw_e=$?; } 3<"$1"
return $hw_e
fi
hw_entry "$1" "\${1%/*}/"
hw_e=$?
case $hw_e in
0) printf '%s\\n%s\\0' "$hw_s" "$1" ;;
1 | 3) printf '%s\\0' "$1"; return $hw_e ;;
*) return $hw_e ;;
esac
if [ -L "$1" ] && [ -d "$1" ]; then printf directory; fi
return 0
}`,

  /** hw_through PATH MOST: hw_look, through a link at the end of PATH, which may end its shell. */
  hw_through: `hw_through() {
if [ -L "$1" ]; then (
p=$1
hw_follow
hw_look "$p" "$2"
); else hw_look "$1" "$2"
fi
}`,

  /** hw_show PATH MOST: what hw_look prints of a regular file, which is open as 3. */
  hw_show: `hw_show() {
hw_s=$(exec stat -L -c '${entryFormat}' /proc/self/fd/3) || return
printf '%s\\n%s\\0' "$hw_s" "$1"
set -- "$2" $hw_s
[ "$6" -le "$1" ] || return 0
if [ "$6" -le 2048 ] && hw_read /proc/self/fd/3 "$6"; then printf %s "$hw_c"; return; fi
head -c "$(($1 + 1))" <&3 || return 2
}`,

  /** hw_kept: whether only we, or root, may put a link into ".". */
  hw_kept: `hw_kept() {
set -- $(exec stat -c '%A %u' .)
case $1 in d????-??-*) [ "$2" = 0 ] || [ -O . ] ;; *) false ;; esac
}`,

  /**
   * hw_trust: a link has led from the directory of descriptor 4 to ".". A link that another user
   * can put there may lead only to what is that user's (as systemd's "unsafe path transition").
   */
  hw_trust: `hw_trust() {
set -- "$1" $(exec stat -L -c %u /proc/self/fd/4 .)
[ $# = 3 ] && [ "$2" = "$3" ] && [ "$2" != 0 ] && return
hw_astray "$1" "$PWD"
}`,

  /** hw_astray LINK GOAL: ends the section. */
  hw_astray: `hw_astray() {
echo "$1 is a link that another user may have made, and leads to $2, which is not that user's." >&2
echo "If you mean it, name $2 itself." >&2
exit 5
}`,

  /**
   * hw_follow: resolves the link $p, one step at a time. The x keeps a newline at the end of a
   * name.
   */
  hw_follow: `hw_follow() {
hw_u= hw_i=0 hw_l=$p
while [ -L "$p" ]; do
hw_i=$((hw_i + 1))
set -- $(exec stat -c '%A %u' -- "\${p%/*}/.")
[ $# = 2 ] && [ "$hw_i" -le 40 ] || { echo "$p leads nowhere, or in a circle" >&2; exit 5; }
case $1 in d????-??-*) [ "$2" = 0 ] || [ -O "\${p%/*}/." ] || hw_u=$2 ;; *) hw_u=$2 ;; esac
hw_n=$(readlink -- "$p" && echo x) || exit
hw_n=\${hw_n%??}
case $hw_n in /*) p=$hw_n ;; *) p=\${p%/*}/$hw_n ;; esac
done
[ -n "$hw_u" ] || return 0
if [ -e "$p" ]; then set -- "$p"; else set -- "\${p%/*}/."; fi
[ "$hw_u" != 0 ] && [ "$(exec stat -c %u -- "$1")" = "$hw_u" ] && return
hw_astray "$hw_l" "$p"
}`,

  /**
   * hw_cd DIRECTORY: enters it, one name after the other, and from then on it is an inode and not a
   * path. A name that was a directory has the one before it as its parent; a link has not.
   */
  hw_cd: `hw_cd() {
cd / || exit
hw_rest=\${1#/}/ hw_i=0
while [ -n "$hw_rest" ]; do
hw_n=\${hw_rest%%/*} hw_rest=\${hw_rest#*/}
case $hw_n in '' | .) continue ;; ..) cd -P .. || exit; continue ;; esac
exec 4<. || exit
if [ -L "./$hw_n" ] && [ "$hw_i" -lt 40 ] && hw_kept; then
hw_i=$((hw_i + 1))
hw_n=$(readlink -- "./$hw_n" && echo x) || exit
hw_n=\${hw_n%??}
case $hw_n in /*) cd / || exit ;; esac
hw_rest=\${hw_n#/}/$hw_rest
continue
fi
cd -P -- "./$hw_n" || exit
[ .. -ef /proc/self/fd/4 ] || hw_trust "$hw_n"
done
}`,
};
