import { CannotTell } from '../../shell/answer.ts';
import { type Look, map, printed } from '../../shell/look.ts';
import { raw, type ShellText, sh } from '../../shell/quote.ts';
import { directoryOf } from '../file/space.ts';
import { block, manifestPath, stampPath } from './place.ts';

/** Prints what tells whether a file is still the one that was hashed. */
export function stampOf(path: string): ShellText {
  return sh`stat -L -c '%s %i %y' -- ${path}`;
}

/** What is known of an image's content. */
export interface Manifest {
  readonly size: number;
  readonly chunkSize: number;
  readonly sha256: string;
  readonly hash: string;
  readonly chunks: number;
  /** Chunks that are not all zeros. */
  readonly full: number;
}

/**
 * What is known of an image: the first line of the manifest, its hash and the numbers of chunks.
 * undefined unless the stamp says that both are of this very file.
 * @throws CannotTell
 */
export function manifestOf(path: string): Look<Manifest | undefined> {
  const text = sh`{ IFS= read -r of && IFS= read -r hash; } 2>/dev/null < ${stampPath(path)} || exit 0
[ "$of" = "$(${stampOf(path)})" ] || exit 0
[ "$(sha256sum < ${manifestPath(path)} | cut -c1-64)" = "$hash" ] || exit 0
head -n 1 ${manifestPath(path)}
echo "$hash"
sed 1d ${manifestPath(path)} | awk '$1 != "0" { n++ } END { print NR, n + 0 }'`;
  return map(printed('sha256sum', text), parseManifest);
}

/** @throws CannotTell */
function parseManifest(text: string): Manifest | undefined {
  if (text === '') return undefined;
  const [, size, chunkSize, sha256, hash, chunks, full] =
    /^(\d+) (\d+) ([0-9a-f]{64})\n([0-9a-f]{64})\n(\d+) (\d+)\n$/.exec(text) ?? [];
  if (sha256 === undefined || hash === undefined)
    throw new CannotTell(`the list of hashes cannot be understood: ${text.slice(0, 200)}`);
  return { size: Number(size), chunkSize: Number(chunkSize), sha256, hash, chunks: Number(chunks), full: Number(full) };
}

/**
 * Writes the manifest and the stamp. The file is read once: each chunk goes to two hashes at the
 * same time.
 */
export function hashChunks(path: string, chunkSize: number): ShellText {
  const blocks = chunkSize / block;
  return sh`umask 022
file=${path} manifest=${manifestPath(path)} stamp=${stampPath(path)} chunk=${chunkSize} blocks=${blocks}
mkdir -p ${directoryOf(manifestPath(path))} || exit 1
rm -f "$stamp"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT; trap 'exit 1' HUP INT TERM
${raw(hashing)}`;
}

const hashing = String.raw`before=$(stat -L -c '%s %i %y' -- "$file") || exit 1
size=$(stat -L -c %s -- "$file") || exit 1
count=$(( (size + chunk - 1) / chunk ))
hash() { sha256sum | cut -c1-64; }
zeros() { head -c "$1" /dev/zero | hash; }
none=$(zeros "$chunk") last=$(zeros $(( size - (count - 1) * chunk )))
mkfifo "$work/all" || exit 1
hash < "$work/all" > "$work/whole" &
exec 3> "$work/all"
n=0
while [ "$n" -lt "$count" ]; do
  one=$(dd if="$file" bs=65536 skip=$(( n * blocks )) count="$blocks" 2>/dev/null | tee "$work/all" | hash)
  n=$(( n + 1 ))
  zero=$none
  [ "$n" -lt "$count" ] || zero=$last
  if [ "$one" = "$zero" ]; then echo 0; else echo "$one"; fi
done > "$work/chunks"
exec 3>&-
wait
{ echo "$size $chunk $(cat "$work/whole")"; cat "$work/chunks"; } > "$manifest" || exit 1
if [ "$before" != "$(stat -L -c '%s %i %y' -- "$file")" ]; then
  echo "$file was written to while it was read: it is in use" >&2
  exit 1
fi
printf '%s\n%s\n' "$before" "$(hash < "$manifest")" > "$stamp"`;
