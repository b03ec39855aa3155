import { virsh, virshMark } from '../../host/libvirt/virsh.ts';
import { CannotTell } from '../../shell/answer.ts';
import { type Look, map, printed } from '../../shell/look.ts';
import { raw, sh } from '../../shell/quote.ts';
import { type QemuArguments, readQemuArguments, splitNative } from './qemu-arguments.ts';

/** A guest's QEMU as the kernel shows it. */
export interface Process {
  readonly pid: number;
  readonly threads: readonly { readonly name: string; readonly cpus: string }[];
  /**
   * Memory in huge pages, by NUMA node and size of the page in bytes; null where the kernel knows
   * no nodes.
   */
  readonly huge_pages: readonly { readonly node: number; readonly size: number; readonly pages: number }[] | null;
  /**
   * Open files with whether they pass the page cache by; only where the meaning of the flag is
   * known (x86).
   */
  readonly files: readonly { readonly path: string; readonly direct: boolean }[];
  readonly qemu: QemuArguments;
}

/** What the kernel knows of QEMU, by the names of guests that run. @throws CannotTell */
export const processes: Look<ReadonlyMap<string, Process>> = map(
  printed(
    'The look at the processes',
    raw(`[ "$(id -u)" = 0 ] || { echo 'the processes of guests can be looked at by root only' >&2; exit 1; }
for file in /run/libvirt/qemu/*.pid; do
  pid=$(cat "$file" 2>/dev/null) && [ -d "/proc/$pid/task" ] || continue
  name=\${file##*/}
  echo "guest $pid \${name%.pid}"
  tr '\\0' '\\n' <"/proc/$pid/cmdline" | sed 's/^/argument /'
  awk '/^Name:/ { sub(/^Name:[ \\t]*/, ""); name = $0 } /^Cpus_allowed_list:/ { print "thread", $2, name }' \
"/proc/$pid"/task/*/status 2>/dev/null
  if [ -e "/proc/$pid/numa_maps" ]; then
    echo numa
    sed -n '/ huge /s/^/huge /p' "/proc/$pid/numa_maps"
  fi
  [ "$(uname -m)" = x86_64 ] || continue
  ls -l "/proc/$pid/fd" 2>/dev/null | sed -n 's|^.* \\([0-9]*\\) -> \\(/.*\\)$|\\1 \\2|p' | while read -r fd path; do
    case $path in /dev/kvm | /dev/null | /dev/ptmx | /dev/pts/* | /dev/net/* | /dev/vhost* | /memfd:* | \
/run/*) continue ;; esac
    echo "file $(sed -n 's/^flags:[^0-9]*//p' "/proc/$pid/fdinfo/$fd") $path"
  done
done`),
  ),
  text => {
    const [first = '', ...blocks] = text.split(/^guest /m);
    if (first !== '') throw new CannotTell(`the look at the processes printed ${JSON.stringify(first.slice(0, 200))}`);
    return new Map(blocks.map(readProcess));
  },
);

/** What libvirt would start for each guest, or its words where it would not. @throws CannotTell */
export function natives(uri: string): Look<ReadonlyMap<string, QemuArguments | string>> {
  const call = virsh(uri);
  const text = sh`${call} list --all --name | while IFS= read -r name; do
  [ -n "$name" ] || continue
  printf '%s %s\\n' ${virshMark} "$name"
  # Of a guest that runs, --domain would take what it runs with.
  ${call} dumpxml --inactive --domain "$name" | ${call} domxml-to-native qemu-argv --xml /dev/stdin 2>&1 || true
done`;
  return map(printed('virsh', text), found => {
    const blocks = found.split(`${virshMark} `).slice(1);
    return new Map(
      blocks.map(block => {
        const [name = '', said = ''] = cut(block, '\n');
        const words = splitNative(said);
        return [name, words.includes('-machine') ? readQemuArguments(words) : said.trim()];
      }),
    );
  });
}

function readProcess(block: string): readonly [string, Process] {
  const [head = '', ...lines] = block.split('\n');
  const [pid = '', name = ''] = cut(head, ' ');
  const of = (kind: string) =>
    lines.filter(line => line.startsWith(`${kind} `)).map(line => line.slice(kind.length + 1));
  return [
    name,
    {
      pid: Number(pid),
      threads: of('thread').map(line => {
        const [cpus = '', thread = ''] = cut(line, ' ');
        return { name: thread, cpus };
      }),
      huge_pages: lines.includes('numa') ? hugePages(of('huge')) : null,
      files: of('file').map(line => {
        const [flags = '0', path = ''] = cut(line, ' ');
        // O_DIRECT of x86 (fcntl(2), asm-generic/fcntl.h), in the octal digits of fdinfo.
        return { path, direct: (Number.parseInt(flags, 8) & 0o40000) !== 0 };
      }),
      qemu: readQemuArguments(of('argument')),
    },
  ];
}

/** `7f… bind:0 file=/memfd:… huge dirty=512 N0=512 kernelpagesize_kB=2048` (proc(5)). */
function hugePages(lines: readonly string[]): NonNullable<Process['huge_pages']> {
  const sums = new Map<string, { node: number; size: number; pages: number }>();
  for (const line of lines) {
    const size = Number(/kernelpagesize_kB=(\d+)/.exec(line)?.[1] ?? 0) * 1024;
    for (const [, node, pages] of line.matchAll(/ N(\d+)=(\d+)/g)) {
      const sum = sums.get(`${node} ${size}`) ?? { node: Number(node), size, pages: 0 };
      sums.set(`${node} ${size}`, { ...sum, pages: sum.pages + Number(pages) });
    }
  }
  return [...sums.values()];
}

function cut(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
