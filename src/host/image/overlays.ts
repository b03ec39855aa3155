import { type ShellText, sh } from '../../shell/quote.ts';
import { directoryOf } from '../file/space.ts';
import { allDomains } from '../libvirt/all-domains.ts';
import { defineSame, printNamed } from '../libvirt/named-files.ts';
import { readInfo } from './info.ts';

/**
 * Shell text that prints each qcow2 image in the directory of the first of these images, each that
 * is a disk of a domain, and their backing files in turn; and on the next line what QEMU says of
 * it, each once. What the definition of a guest that is off does not say is below its disks. It
 * also prints the other paths of the images: as `named N PATH` those in the documents of domains,
 * and as `below N PATH` those that back another image.
 */
export function overlaysIn(uri: string, images: readonly [string, ...string[]]): ShellText {
  return sh`all=$(${allDomains(uri, 'every document, volumes by path')}
) || [ $? -eq 3 ] || exit 1
${defineSame(images)}
printf '%s\\n' "$all" | ${printNamed}
{ printf '%s\\n' ${directoryOf(images[0])}/*
  printf '%s\\n' "$all" | sed -n -e "s/^ *<source file='\\([^']*\\)'.*/\\1/p" -e "s/^ *<source \
dev='\\([^']*\\)'.*/\\1/p" |
    sed "s/&lt;/</g; s/&gt;/>/g; s/&quot;/\\"/g; s/&apos;/'/g; s/&amp;/\\&/g"
} | sort -u | { seen='
'; while IFS= read -r file; do
  # Half an image, which image_fetch has brought so far.
  case $file in *.part) [ ! -e "$file.chunks" ] || continue ;; esac
  depth=0
  while { [ -f "$file" ] || [ -b "$file" ]; } && [ $(( depth += 1 )) -le ${deepest} ]; do
    start=$(head -c 3 "$file") || [ -b "$file" ] || exit 1
    [ "$start" = QFI ] || break
    case $seen in *"
$file
"*) break ;; esac
    seen="$seen$file
"
    info=$(qemu-img info -U --output=json "$file") || exit 1
    printf '%s\\n' "$file"; printf '%s' "$info" | tr -d '\\n'; echo
    file=$(printf '%s\\n' "$info" | sed -n 's/^ *"full-backing-filename": "\\(.*\\)",*$/\\1/p')
    f=$file; same below
  done
done; }`;
}

/**
 * Images on top of each other, as many as libvirt allows. Without a limit the look might not end:
 * what looks like an image may be what a guest wrote, under ever other names.
 */
const deepest = 200;

/**
 * Of the images that {@link overlaysIn} printed, those that are backed by a file of one of these
 * names.
 * @throws CannotTell
 */
export function overlaysOf(text: string, names: readonly string[]): readonly string[] {
  const lines = text.split('\n').filter(line => line !== '' && !/^(named|below) /.test(line));
  const on = (file: string, info: string) => names.includes(readInfo(info, file).backing ?? '');
  return [...new Set(lines.filter((file, at) => at % 2 === 0 && on(file, lines[at + 1] ?? '')))];
}
