import { raw, type ShellText, sh } from '../../shell/quote.ts';

/**
 * A filter for documents of domains, where a disk may be a volume of a pool: puts the path of the
 * volume in front of its name, as `file`. The pools are read once the first one comes up; nothing
 * more is printed where that fails.
 */
export function volumePaths(virsh: ShellText): ShellText {
  const pools = sh`ids=$(${virsh} pool-list --all --uuid) || exit 1
for id in $ids; do ${virsh} pool-dumpxml "$id" || exit 1; done
echo all`;
  return sh`pools=${pools.text} awk '${raw(filter)}'`;
}

/** \047 is a single quote. */
const filter = String.raw`
function readPools(  line, name) {
  while ((ENVIRON["pools"] | getline line) > 0) {
    if (line ~ /^  <name>/) { gsub(/^  <name>|<\/name>$/, "", line); name = line }
    if (line ~ /^    <path>/) { gsub(/^    <path>|<\/path>$/, "", line); directory[name] = line }
  }
  return line == "all"
}
match($0, /<source pool=\047[^\047]*\047 volume=\047[^\047]*\047/) {
  if (!known && !(known = readPools())) exit 1
  split(substr($0, RSTART, RLENGTH), part, "\047")
  if (part[2] in directory)
    $0 = substr($0, 1, RSTART - 1) "<source file=\047" directory[part[2]] "/" part[4] "\047" substr($0, RSTART + 7)
}
{ print }`;
