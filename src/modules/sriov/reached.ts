import { type Look, map, printed } from '../../shell/look.ts';
import { raw } from '../../shell/quote.ts';

/** A PCI device by which the host is reached, and the interface that leads there. */
export interface Reached {
  readonly name: string;
  readonly address: string;
}

/** By interface the PCI devices by which the host is reached. @throws CannotTell */
export const reached: Look<readonly Reached[]> = map(
  printed(
    'ip',
    raw(`command -v ip >/dev/null || exit 127
list=$(ip -o route show default && ip -6 -o route show default) || exit 1
names=$(printf '%s\\n' "$list" | awk '{ for (i = 1; i < NF; i++) if ($i == "dev") print $(i + 1) }')
connection=$SSH_CONNECTION pid=$$
while [ -z "$connection" ] && [ "$pid" -gt 1 ]; do
  connection=$(tr '\\0' '\\n' <"/proc/$pid/environ" 2>/dev/null | sed -n 's/^SSH_CONNECTION=//p')
  pid=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$pid/status") || exit 1
done
set -- $connection
if [ -n "$3" ]; then
  all=$(ip -o addr) || exit 1
  names="$names $(printf '%s\\n' "$all" | awk -v ip="$3" '{ split($4, part, "/"); if (part[1] == ip) print $2 }')"
fi
# Bridges, bonds and VLANs lead to the devices below them.
while set -- $names; [ $# -gt 0 ]; do
  name=$1; shift; names=$*
  at=/sys/class/net/$name
  [ -e "$at" ] || continue
  for lower in "$at"/lower_*; do [ ! -e "$lower" ] || names="$names \${lower##*/lower_}"; done
  for own in "$at/device" "$at/device/physfn"; do
    [ -e "$own" ] || continue
    own=$(readlink -f "$own") || exit 1
    echo "$name \${own##*/}"
  done
done
:`),
  ),
  text =>
    text
      .split('\n')
      .filter(row => row !== '')
      .map(row => {
        const [name = '', address = ''] = row.split(' ');
        return { name, address };
      }),
);
