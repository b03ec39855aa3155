import { raw, type ShellText, sh } from '../../shell/quote.ts';

/**
 * A filter for documents of libvirt: prints the absolute paths that they have as an attribute or an
 * element, each once and without escapes.
 */
export const pathsInDocuments: ShellText = raw(
  `grep -o "['>]/[^'<]*" | cut -c 2- | sort -u |
  sed "s/&lt;/</g; s/&gt;/>/g; s/&quot;/\\"/g; s/&apos;/'/g; s/&amp;/\\&/g"`,
);

/** The same with the name of the guest and a tab before each path. */
export const pathsByGuest: ShellText = raw(
  String.raw`awk '/^  <name>/ { name = $0; gsub(/^  <name>|<\/name>$/, "", name) }
  { while (match($0, /[\047>]\/[^\047<]*/)) {
    print name "\t" substr($0, RSTART + 1, RLENGTH - 1); $0 = substr($0, RSTART + RLENGTH) } }' | sort -u |
  sed "s/&lt;/</g; s/&gt;/>/g; s/&quot;/\"/g; s/&apos;/'/g; s/&amp;/\&/g"`,
);

/**
 * Shell text of a function `same`, which prints `WORD N PATH` where the file at the path `$f` is
 * the image of the number N: by device and inode, whatever links lead there. The word is its
 * argument.
 */
export function defineSame(images: readonly string[]): ShellText {
  const tests = images.map((image, at) => sh`[ ! "$f" -ef ${image} ] || printf '%s %s %s\\n' "$1" ${at} "$f"`.text);
  return sh`same() { ${raw(tests.join('; '))}; }`;
}

/**
 * Shell text, behind {@link defineSame}: the images that documents on its input name, as `named N
 * PATH`.
 */
export const printNamed: ShellText = sh`${pathsInDocuments} | while IFS= read -r f; do same named; done`;

/** The other names of an image that {@link defineSame} has printed, by whatever word. */
export function otherNames(text: string, number: number): readonly string[] {
  const start = new RegExp(`^(named|below) ${number} `);
  const lines = text.split('\n').filter(line => start.test(line));
  return [...new Set(lines.map(line => line.replace(start, '')))];
}
