import { seenFormat } from './formats.ts';

/** Functions that make directories, and change what is there; see {@link definitions}. */
export const changeFunctions: Readonly<Record<string, string>> = {
  /**
   * hw_path PATH OWNER MODE: makes a directory and those above it that are missing, each with OWNER
   * and MODE where they are given.
   */
  hw_path: `hw_path() {
[ -d "\${1:-/}" ] || { hw_path "\${1%/*}" "$2" "$3" && ( hw_mkdir "\${1%/*}/" "\${1##*/}" "$2" "$3" ); }
}`,

  /**
   * hw_mkdir DIRECTORY NAME OWNER MODE: no one can reach the new directory before it is complete.
   */
  hw_mkdir: `hw_mkdir() {
hw_cd "$1"
if [ -z "$3" ]; then
hw_e=$(exec mkdir \${4:+-m "$4"} -- "./$2" 2>&1) || hw_stuck "./$2" "$hw_e"
return
fi
hw_name
hw_tidy
hw_alone "$hw_k"
hw_k=
hw_sure
hw_k=./new
mkdir -- ./new && chown -- "$3" ./new || exit
[ -z "$4" ] || chmod "$4" ./new || exit
hw_e=$(exec mv -fT -- ./new "../$2" 2>&1) || hw_stuck "../$2" "$hw_e"
}`,

  /**
   * hw_link DIRECTORY NAME TARGET OWNER: no one can reach the new link before it has its owner, and
   * put another inode in the place of its name.
   */
  hw_link: `hw_link() {
hw_cd "$1"
hw_name
hw_tidy
hw_alone "$hw_k"
hw_k=
hw_sure
hw_k=./new
ln -s -- "$3" ./new && chown -h -- "$4" ./new || exit
hw_e=$(exec mv -fT -- ./new "../$2" 2>&1) || hw_stuck "../$2" "$hw_e"
}`,

  /**
   * hw_set DIRECTORY NAME WAS OWNER MODE: changes the owner and mode of what is there, where they
   * are given. WAS is a pattern. Where another may write the directory, it changes the inode that
   * it has looked at, through a descriptor: the name may lead elsewhere by then.
   */
  hw_set: `hw_set() {
hw_cd "$1"
set -- "$@" $(exec stat -c '${seenFormat}' -- . "./$2")
case "\${10} \${11}" in $3) ;; *) hw_changed "$2" ;; esac
hw_t=./$2 hw_h=-h hw_a=$6
[ -O . ] || hw_a=
case $hw_a:$9 in
d????-??-*:* | *:l*) ;;
*:[-d]*)
exec 3<"$hw_t" || exit
case $(exec stat -L -c '${seenFormat}' /proc/self/fd/3) in
"$9 \${10} \${11%:*:*}:"*) hw_t=/proc/self/fd/3 hw_h= ;;
*) hw_changed "$2" ;;
esac ;;
*) echo "another user may replace $2 while it is changed, for $1 is $6" >&2; exit 1 ;;
esac
# Of what is behind a descriptor, busybox takes the half that is not named from the link.
hw_o=\${10#*:}
case $4 in :*) hw_o=\${hw_o%:*}$4 ;; *:*) hw_o=$4 ;; *) hw_o=$4:\${hw_o#*:} ;; esac
[ -z "$4" ] || hw_e=$(exec chown $hw_h -- "$hw_o" "$hw_t" 2>&1) || hw_stuck "./$2" "$hw_e"
case $9 in l*) return ;; esac
[ -z "$5" ] || hw_e=$(exec chmod "$5" "$hw_t" 2>&1) || hw_stuck "./$2" "$hw_e"
}`,

  /**
   * hw_kernel PATH VALUE: writes a setting below /proc or /sys. The printf of dash does not say why
   * the kernel refuses one; a second try with cat does.
   */
  hw_kernel: `hw_kernel() {
{ printf '%s\\n' "$2" >"$1"; } 2>/dev/null && return
hw_e=$({ cat <<hw_end >"$1"
$2
hw_end
} 2>&1) && return
echo "the kernel refuses $2 for $1: \${hw_e##*: }" >&2
return 1
}`,

  /**
   * hw_modes MODE: sets the mode of all that is in and below ".", but not of what links lead to.
   */
  hw_modes: `hw_modes() {
if hw_s=$(find . -type d '(' ! -user "$(id -u)" -o -perm -020 -o -perm -002 ')') && [ -z "$hw_s" ]; then
find . ! -type l -exec chmod "$1" {} +
return
fi
chmod "$1" . && hw_deep "$1"
}`,

  /**
   * hw_deep MODE: the same where another user may replace a name below: each inode is looked at,
   * and changed, through a descriptor, and each directory is entered from the one above it.
   */
  hw_deep: `hw_deep() {
exec 4<. || exit
for hw_f in ./* ./.[!.]* ./..?*; do
if [ -L "$hw_f" ]; then continue
elif [ -d "$hw_f" ]; then ( hw_k= hw_enter "$hw_f"; chmod "$1" . && hw_deep "$1" ) || exit
elif [ -f "$hw_f" ]; then ( hw_inode "$hw_f" && chmod "$1" /proc/self/fd/3 ) || exit
fi
done
}`,

  /**
   * hw_inode NAME: opens it as descriptor 3, if that is the inode of this name and not behind a
   * link.
   */
  hw_inode: `hw_inode() {
exec 3<"$1" || exit
[ "$(exec stat -c %d:%i:%f -- "$1")" = "$(exec stat -L -c %d:%i:%f /proc/self/fd/3)" ] && return
echo "$1 was replaced while it was used" >&2
exit 1
}`,

  /** hw_foreign: whether another user may write a directory that is named in a line of stdin. */
  hw_foreign: `hw_foreign() {
hw_u=$(id -u) && hw_s=$(tr '\\n' '\\0' | xargs -0 stat -c '%A %u' --) || return 0
printf '%s\\n' "$hw_s" | grep -q -v "^d....-..-. $hw_u\\$"
}`,
};
