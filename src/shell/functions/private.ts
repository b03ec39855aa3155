/** Functions that make and use a directory which only we can enter; see {@link definitions}. */
export const privateFunctions: Readonly<Record<string, string>> = {
  /** hw_name: $hw_k is a name that is not there, and that cannot be guessed. */
  hw_name: `hw_name() {
read -r hw_k </proc/sys/kernel/random/uuid || exit
hw_k=./.hostwright.$hw_k
}`,

  /**
   * hw_alone NAME: makes a directory here that only we can enter, and enters it; a name that comes
   * from hw_name cannot be guessed. Descriptor 4 is the directory around it.
   */
  hw_alone: `hw_alone() {
exec 4<. || exit
hw_e=$(exec mkdir -m 0700 -- "$1" 2>&1) || hw_stuck "$1" "$hw_e"
hw_d=$1
hw_enter "$1"
}`,

  /**
   * hw_enter NAME: enters a directory of the one that is descriptor 4. Another user may have put a
   * link in its place.
   */
  hw_enter: `hw_enter() {
cd -P -- "$1" && [ .. -ef /proc/self/fd/4 ] && return
hw_k= # the name means nothing here
echo "$1 was replaced while it was used" >&2
exit 1
}`,

  /**
   * hw_stale: takes away what was sent here ahead of a change by runs whose link died, and what
   * they have not written to its end, where that is provably so: a file with a name of ours, or a
   * directory with such a name that only we can enter, in which nothing was written for a day.
   */
  hw_stale: `hw_stale() {
for hw_f in ./.hostwright.????????-????-????-????-????????????; do
[ ! -L "$hw_f" ] && [ -O "$hw_f" ] || continue
[ -z "$(find "$hw_f" '(' -mmin -1440 -o -type d ! -perm 700 ')' 2>&1)" ] || continue
if [ -d "$hw_f" ]; then ( hw_unsend "$PWD" "\${hw_f#./.hostwright.}" ) 2>/dev/null
elif [ -f "$hw_f" ]; then rm -f -- "$hw_f"
fi
done
}`,

  /**
   * hw_unsend DIRECTORY KEY: takes away what was sent ahead, if it is there still, or what hw_open
   * and hw_link left in a directory of their own.
   */
  hw_unsend: `hw_unsend() {
hw_cd "$1"
[ -d "./.hostwright.$2" ] || exit 0
exec 4<. || exit
hw_enter "./.hostwright.$2"
hw_sure
rm -f -- "./$2" ./.hostwright.* ./new
cd -P /proc/self/fd/4 && rmdir -- "./.hostwright.$2"
}`,

  /**
   * hw_sent DIRECTORY KEY: what was sent ahead is open as descriptor 3, and has no name any more.
   * Leaves the shell in DIRECTORY.
   */
  hw_sent: `hw_sent() {
hw_cd "$1"
exec 4<. || exit
hw_enter "./.hostwright.$2"
hw_sure
exec 3<"./$2" || exit
rm -f -- "./$2"
cd -P /proc/self/fd/4 && rmdir -- "./.hostwright.$2"
}`,

  /**
   * hw_ours: ends the section if another user may write ".", for what must write there by names.
   */
  hw_ours: `hw_ours() {
hw_kept && return
echo "another user may write $PWD, and lead what is written there elsewhere" >&2
echo "Give it to the user of this task, and take the right to write from its group and others." >&2
exit 1
}`,

  /** hw_sure: looks at ".", and ends the section unless only we can enter it. */
  hw_sure: `hw_sure() {
hw_a=$(exec stat -c %A .)
hw_private
}`,

  /** hw_private: ends the section unless only we can enter ".", which looks like $hw_a. */
  hw_private: `hw_private() {
case $hw_a in drwx--?---*) if [ -O . ]; then return 0; fi ;; esac
# On a file system that has one mode for all, it is as safe as the directory around it.
if ( cd -P /proc/self/fd/4 && hw_kept ); then return 0; fi
hw_k= # what has that name is another user's
echo "the directory that was made for us alone is $hw_a" >&2
exit 1
}`,

  /** hw_tidy: has hw_clean called when the section ends, also by a signal. */
  hw_tidy: `hw_tidy() {
trap hw_clean 0
trap 'exit 143' 1 2 15
}`,

  /** hw_clean: takes away what a section that ends has left. */
  hw_clean: `hw_clean() {
[ -z "$hw_k" ] || { [ ! -e "$hw_k" ] && [ ! -L "$hw_k" ]; } || rm -f -- "$hw_k" 2>/dev/null || rmdir -- "$hw_k"
[ -z "\${hw_d-}" ] || { cd -P /proc/self/fd/4 && rmdir -- "$hw_d"; }
}`,
};
