/**
 * What a peer runs for a key of the run, whatever it asks for: the hashes, which chunks are here
 * and how often each was sent, and a chunk. It is called with the request as its one argument, and
 * finds `run`, `file`, `part`, `list`, `manifest`, `count`, `blocks`, `slots` and `rate` (blocks a
 * second of one transfer; 0 is as fast as it goes) set. No more than `slots` transfers go on at
 * once; beyond that it says that it is busy (75).
 */
export const serveText = `set -f
set -- $1
# Which of the places for a transfer is free, or was left by one that is gone.
free() {
  n=0
  while [ "$n" -lt "$slots" ]; do
    pid=$(readlink "$run/slots/$n") || return 0
    if ! kill -0 "$pid" 2>/dev/null; then rm -f "$run/slots/$n"; return 0; fi
    n=$(( n + 1 ))
  done
  return 1
}
case "$#:$1" in
  1:manifest) exec cat -- "$manifest" ;;
  1:have)
    free || exit 75
    {
      if [ -e "$run/full" ]; then awk -v n="$count" 'BEGIN { for (i = 0; i < n; i++) print "h", i }'
      else sed '1d; s/^/h /' "$list" 2>/dev/null
      fi
      sed 's/^/s /' "$run/sent" 2>/dev/null
    } | awk '$1 == "h" { h[$2] } $1 == "s" { s[$2]++ } END { for (i in h) print s[i] + 0, i }'
    exit
    ;;
  2:get) ;;
  *) echo 'a key of an image distribution knows manifest, have and get N only' >&2; exit 64 ;;
esac
case $2 in '' | *[!0-9]* | ??????????*) echo 'get wants the number of a chunk' >&2; exit 64 ;; esac
if [ "$2" -ge "$count" ] || { [ ! -e "$run/full" ] && ! sed 1d "$list" | grep -q -x "$2"; }; then
  echo "chunk $2 is not here" >&2
  exit 66
fi
slot=
while [ -z "$slot" ]; do
  [ -d "$run/slots" ] || exit 66
  free || exit 75
  if ln -s $$ "$run/slots/$n" 2>/dev/null; then slot=$run/slots/$n; fi
done
trap 'rm -f "$slot"' EXIT; trap 'exit 1' HUP INT TERM PIPE
echo "$2" >> "$run/sent"
if [ ! -e "$run/full" ] && [ -e "$part" ]; then file=$part; fi
at=$(( $2 * blocks )) end=$(( $2 * blocks + blocks ))
piece=$blocks
if [ "$rate" -gt 0 ]; then piece=$(( rate / 5 + 1 )); fi
# In hundredths of a second.
clock() { read -r t rest < /proc/uptime; t=${'${t%.*}${t#*.}'}; }
clock
began=$t sent=0
while [ "$at" -lt "$end" ]; do
  [ $(( at + piece )) -le "$end" ] || piece=$(( end - at ))
  dd if="$file" bs=65536 skip="$at" count="$piece" 2>/dev/null || exit 1
  at=$(( at + piece )) sent=$(( sent + piece ))
  [ "$rate" -gt 0 ] || continue
  while clock; [ $(( (t - began) * rate )) -lt $(( sent * 100 )) ]; do sleep 0.1 2>/dev/null || sleep 1; done
done
`;
