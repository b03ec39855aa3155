import { accept, CannotTell } from '../../shell/answer.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';
import { directoryOf, readSpace, spaceSection } from '../file/space.ts';
import { allDomains, domainDocuments } from '../libvirt/all-domains.ts';
import { disksOf, domainOf } from '../libvirt/domain-element.ts';
import { defineSame, otherNames, printNamed } from '../libvirt/named-files.ts';
import { attribute, child, type Element } from '../libvirt/xml.ts';
import { type ImageInfo, readInfo } from './info.ts';
import { lockOf } from './lock.ts';

/** An image file and what depends on it. */
export interface ImageState {
  readonly image: ImageFile | undefined;
  readonly backing: ImageFile | undefined;
  /** Bytes that are free in the directory; undefined where that is not there. */
  readonly free: number | undefined;
  /** Names of the domains that name the file or the backing file anywhere, by path. */
  readonly users: Readonly<Record<string, readonly string[]>>;
  /** Those of which it is a disk that they may write to. */
  readonly writers: Readonly<Record<string, readonly string[]>>;
  /** Other images in the directory that are backed by the file. */
  readonly overlays: readonly string[];
}

export interface ImageFile {
  readonly path: string;
  /**
   * All the names that are known: this one, that without links, and those in documents of domains
   * and in images.
   */
  readonly names: readonly string[];
  readonly info: ImageInfo;
  /** Anybody may write to it, by its permission bits. */
  readonly writable: boolean;
  /** A program has it open for writing. */
  readonly locked: boolean;
}

type Format = 'qcow2' | 'raw';

/** The image that is asked about, and the one below it. */
export interface Asked {
  readonly path: string;
  readonly format: Format;
  readonly backing?: { readonly path: string; readonly format: Format };
  readonly uri: string;
}

/**
 * Probe sections for an image. Who uses it is only asked where something may be done that they
 * would notice.
 */
export function imageSections(args: Asked, usersMatter: boolean): Readonly<Record<string, ShellText>> {
  return {
    ...spaceSection(args.path),
    image: lookAt(args.path, args.format),
    ...(args.backing && { backing: lookAt(args.backing.path, args.backing.format) }),
    ...(usersMatter && {
      domains: allDomains(args.uri, 'every document, volumes by path'),
      overlays: overlaysIn(args.uri, [args.path, ...(args.backing ? [args.backing.path] : [])]),
    }),
  };
}

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
  printf '%s\\n' "$all" | sed -n -e "s/^ *<source file='\\([^']*\\)'.*/\\1/p" -e "s/^ *<source dev='\\([^']*\\)'.*/\\1/p" |
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
 * The arguments by which qemu-img opens an image: the content of a raw one is a guest's, and must
 * not be taken for a header.
 */
export function opened(path: string, format: Format): ShellText {
  return format === 'raw' ? sh`-f raw ${path}` : sh`${path}`;
}

/**
 * Permission bits, the path itself, whether it looks like qcow2, whether somebody has it open for
 * writing, and what it is. `-U` looks at one that is in use, too.
 */
function lookAt(path: string, format: Format): ShellText {
  const as = opened(path, format);
  return sh`[ -e ${path} ] || [ -L ${path} ] || exit 3
[ -f ${path} ] || exit 4
stat -L -c '%a' ${path}
readlink -f ${path}
case $(head -c 3 ${path} | tr -d '\\0') in QFI) echo qcow2 ;; *) echo other ;; esac
lock=$(${lockOf(path, as)}) || exit 1
echo "\${lock:-free}"
qemu-img info -U --output=json ${as}`;
}

/** @throws CannotTell */
export function readImage(answer: Answer, args: Asked, usersMatter: boolean): ImageState {
  const domains = usersMatter ? domainDocuments(answer, 'domains').map(domainOf) : [];
  const stands = usersMatter ? accept(answer, 'overlays', [0], 'qemu-img').stdout : '';
  const image = withNames(readFile(answer, 'image', args.path), otherNames(stands, 0));
  const backing = args.backing && withNames(readFile(answer, 'backing', args.backing.path), otherNames(stands, 1));
  const files = [image, backing].filter(file => file !== undefined);
  const by = (uses: (domain: Element, paths: readonly string[]) => boolean) =>
    Object.fromEntries(files.map(({ path, names }) => [path, namesOf(domains.filter(domain => uses(domain, names)))]));
  return {
    image,
    backing,
    free: readSpace(answer)?.free,
    users: by(names),
    writers: by(writesTo),
    overlays: image ? overlaysOf(stands, image.names) : [],
  };
}

function readFile(answer: Answer, section: string, path: string): ImageFile | undefined {
  const { code, stdout } = accept(answer, section, [0, 3, 4], 'qemu-img');
  if (code === 3) return undefined;
  if (code === 4) throw new CannotTell(`${path} is not a regular file`);
  const [mode = '', real = '', looks = '', lock = '', ...rest] = stdout.split('\n');
  const found = readInfo(rest.join('\n'), path);
  const info = looks === 'qcow2' ? { ...found, format: looks } : found;
  return {
    path,
    names: [...new Set([path, real])],
    info,
    writable: (Number.parseInt(mode, 8) & 0o222) !== 0,
    locked: lock === 'locked',
  };
}

function withNames(file: ImageFile | undefined, names: readonly string[]): ImageFile | undefined {
  return file && { ...file, names: [...new Set([...file.names, ...names])] };
}

/** Anywhere in the document: as a disk, below one, as a drive for firmware. */
function names(domain: Element, paths: readonly string[]): boolean {
  const attributes = [...domain.getElementsByTagName('*')].flatMap(element => [...element.attributes]);
  const texts = [...domain.getElementsByTagName('*')].map(element => element.textContent?.trim() ?? '');
  return [...attributes.map(({ value }) => value), ...texts].some(text => paths.includes(text));
}

/** What is below a disk is only read. */
function writesTo(domain: Element, paths: readonly string[]): boolean {
  return [...disksOf(domain)].some(([, disk]) => {
    const source = child(disk, 'source');
    const path = source && (attribute(source, 'file') ?? attribute(source, 'dev'));
    return path !== undefined && paths.includes(path) && !child(disk, 'readonly');
  });
}

function namesOf(domains: readonly Element[]): readonly string[] {
  return [...new Set(domains.map(domain => child(domain, 'name')?.textContent ?? ''))];
}

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
