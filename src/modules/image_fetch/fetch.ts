/**
 * Fetches chunks until all are here and the whole has its hash. It finds `run`, `dest`, `part`,
 * `list`, `size`, `sha`, `manifest` (its hash), `blocks`, `parallel` and `stall` set. A chunk is
 * written to its place, read back and counts once it has its hash: whenever this is killed, the
 * next one goes on from there.
 */
export const fetchText = `umask 077
cd "$run" || exit 1
export list
mkdir -p away bad errors || exit 1
rm -rf claims
mkdir claims || exit 1
: >> got
echo $$ > pid
workers=
stop() {
  rm -f pid
  [ -z "$workers" ] || kill $workers 2>/dev/null
  for socket in mux-*; do ssh -F config -O exit "$(echo "$socket" | sed 's/^mux-//')" </dev/null >/dev/null 2>&1; done
}
trap stop EXIT; trap 'exit 1' HUP INT TERM
fail() { echo "$1" >&2; exit 1; }
hash() { sha256sum | cut -c1-64; }
ask() { ssh -F config "$1" "$2" </dev/null 2>"errors/$1"; }
nameOf() { sed -n "s/^$1 //p" peers; }
troubles() {
  while read -r peer name; do
    if [ -e "bad/$peer" ]; then \
echo "$name sent chunk $(cat "bad/$peer"), but not with the hash that it has on the source"
    elif [ -e "away/$peer" ]; then echo "$name: $(head -n 1 "errors/$peer")"
    fi
  done < peers
}

tries=0
until ask p0 manifest > chunks && [ "$(hash < chunks)" = "$manifest" ]; do
  tries=$(( tries + 1 ))
  if grep -q -i 'permission denied' errors/p0; then
    fail "$(nameOf p0) does not let the key of this run in: $(head -n 1 errors/p0). Its sshd must allow the user \
(PermitRootLogin prohibit-password) and read the file of keys (authorized_keys)."
  fi
  [ "$tries" -lt 30 ] || fail "$(nameOf p0) did not give the hashes of the chunks: $(cat errors/p0)"
  sleep 1
done

if [ ! -f "$part" ] || [ "$(head -n 1 "$list" 2>/dev/null)" != "$manifest" ]; then
  rm -f "$list" "$part"
  dd if=/dev/null of="$part" bs=1 seek="$size" count=0 2>/dev/null || fail "$part cannot be written"
  echo "$manifest" > "$list" || exit 1
fi
wanted=$(sed 1d chunks | grep -c -v -x 0)

# Chunks that are neither here nor on their way.
missing() {
  ls claims | awk 'BEGIN { while ((getline l < ENVIRON["list"]) > 0) v[l] } { v[$1] }
    END { n = -1; while ((getline l < "chunks") > 0) { if (n >= 0 && l != "0" && !(n in v)) print n; n++ } }'
}
hashOf() { dd if="$part" bs=65536 skip=$(( $1 * blocks )) count="$blocks" 2>/dev/null | hash; }
shouldBe() { sed -n "$(( $1 + 2 ))p" chunks; }
# A few peers in random order, and the source when they have nothing: it alone has what no peer has yet.
order() {
  awk -v seed="$seed" 'BEGIN { srand(seed) } NR > 1 { p[++n] = $1 }
    END { for (k = 0; k < 4 && n > 0; k++) { i = int(rand() * n) + 1; print p[i]; p[i] = p[n--] }; print "p0" }' peers
}
# Of what a peer has and this host lacks, the chunk that the peer has sent least.
choose() {
  ls claims | awk -v seed="$seed" -v have="have.$1" \
'BEGIN { srand(seed); while ((getline l < ENVIRON["list"]) > 0) v[l] } { v[$1] }
    END {
      n = -1; while ((getline l < "chunks") > 0) { if (l == "0") v[n]; n++ }
      while ((getline l < have) > 0) { split(l, h, " "); if (h[2] in v) continue; r = h[1] + rand(); if (best == "" || \
r < least) { least = r; best = h[2] } }
      print best
    }'
}
# Seconds since the host was started: its clock may be set at any time.
clock() { read -r up _ < /proc/uptime; echo "\${up%%.*}"; }
isAway() { [ -s "away/$1" ] && [ $(( $(clock) - $(cat "away/$1") )) -lt 5 ]; }
one() {
  seed=$(( seed + 1 ))
  for peer in $(order); do
    if [ -e "bad/$peer" ] || isAway "$peer"; then continue; fi
    ask "$peer" have > "have.$1"
    case $? in
      0) rm -f "away/$peer" ;;
      75) continue ;;
      *) clock > "away/$peer"; continue ;;
    esac
    n=$(choose "$1")
    [ -n "$n" ] && mkdir "claims/$n" 2>/dev/null || continue
    length=$(( blocks * 65536 ))
    [ $(( (n + 1) * length )) -le "$size" ] || length=$(( size - n * length ))
    { ask "$peer" "get $n"; echo $? > "status.$1"; } | head -c "$length" | \
dd of="$part" bs=65536 seek=$(( n * blocks )) conv=notrunc 2>/dev/null
    read -r code < "status.$1"
    if [ "$(hashOf "$n")" = "$(shouldBe "$n")" ]; then
      echo "$n" >> "$list" || return 1
      echo "$(nameOf "$peer") $n" >> got
      return 0
    fi
    rmdir "claims/$n"
    case $code in
      0) echo "$n" > "bad/$peer" ;;
      75) ;;
      *) clock > "away/$peer" ;;
    esac
  done
  return 1
}
worker() {
  seed=$(LC_ALL=C tr -dc 1-9 < /dev/urandom | head -c 7)
  # Not after whoever began this is gone, or another took its place.
  while kill -0 $$ 2>/dev/null && [ "$(cat pid 2>/dev/null)" = $$ ]; do
    one "$1" && continue
    [ -n "$(missing)" ] || return 0
    sleep 0.5 2>/dev/null || sleep 1
  done
}
fetch() {
  workers= w=0
  while [ "$w" -lt "$parallel" ]; do
    w=$(( w + 1 ))
    worker "$w" &
    workers="$workers $!"
  done
  last=0 since=$(clock)
  while here=$(( $(wc -l < "$list") - 1 )); [ "$here" -lt "$wanted" ]; do
    if [ "$here" -ne "$last" ]; then last=$here since=$(clock); fi
    if [ -e bad/p0 ] && [ "$(ls bad | wc -l)" -eq "$(wc -l < peers)" ]; then
      fail "no peer is left to fetch from, with $here of $wanted chunks here. $(troubles)"
    fi
    if [ $(( $(clock) - since )) -ge "$stall" ]; then
      fail "no chunk came for $stall seconds, with $here of $wanted here; the next run goes on from there. $(troubles)"
    fi
    sleep 1
  done
  wait
  workers=
}
# After a power cut a chunk may be listed that never reached the disk.
recheck() {
  echo "$manifest" > "$list.new" || exit 1
  sed 1d "$list" | while read -r n; do [ "$(hashOf "$n")" != "$(shouldBe "$n")" ] || echo "$n"; done >> "$list.new"
  mv -f "$list.new" "$list"
  rm -rf claims; mkdir claims
}

fetch
if [ "$(hash < "$part")" != "$sha" ]; then
  recheck
  fetch
  if [ "$(hash < "$part")" != "$sha" ]; then
    rm -f "$part" "$list"
    fail "all chunks have their hash, but not the whole: $part is removed. Run again."
  fi
fi
dd if=/dev/null of="$part" bs=1 count=0 conv=notrunc,fsync 2>/dev/null || sync
# Named although all went well in the end.
troubles > troubles
`;
