# What an administrator writes who knows the hosts: looks at the state, changes what differs, says which. The calls follow below.
# sh -s ROOT HOST
here=$1/$2 host=$2 ok=0 changed=0 failed=0

ok() { ok=$((ok + 1)); echo "$host ok $1"; }
change() { # NAME COMMAND...
  name=$1
  shift
  if "$@"; then ok=$((ok + 1)) changed=$((changed + 1)); echo "$host changed $name"; else failed=$((failed + 1)); echo "$host failed $name"; fi
}
has_mode() { [ "$(stat -c %a "$1" 2>/dev/null)" = "$2" ]; }

directory() { # PATH MODE
  if [ -d "$1" ] && has_mode "$1" "$2"; then ok "$1"; else change "$1" make_directory "$1" "$2"; fi
}
make_directory() { mkdir -p "$1" && chmod "$2" "$1"; }

file() { # PATH MODE CONTENT
  if printf '%s\n' "$3" | cmp -s - "$1" && has_mode "$1" "$2"; then ok "$1"; else change "$1" write_file "$1" "$2" "$3"; fi
}
write_file() { printf '%s\n' "$3" >"$1.new" && chmod "$2" "$1.new" && mv "$1.new" "$1"; }

line() { # PATH MODE START LINE
  if grep -qxF "$4" "$1" 2>/dev/null && has_mode "$1" "$2"; then ok "$4"; else change "$4" set_line "$@"; fi
}
set_line() {
  if grep -q "^$3" "$1" 2>/dev/null; then sed -i "s|^$3.*|$4|" "$1"; else printf '%s\n' "$4" >>"$1"; fi && chmod "$2" "$1"
}

creates() { # PATH COMMAND...
  if [ -e "$1" ]; then ok "$1"; else change "$@"; fi
}

