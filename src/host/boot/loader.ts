import { accept, CannotTell } from '../../shell/answer.ts';
import { all, ask, foreseeing, type Look, look, map, own, printed } from '../../shell/look.ts';
import { raw } from '../../shell/quote.ts';
import { commandLine } from './command-line.ts';
import { foreseenEntries } from './foretold.ts';
import { splitTokens, type Token } from './tokens.ts';

/** Who writes the kernel's command line on a host; only `grub` and `grubby` are changed. */
export type Loader =
  | 'grub'
  | 'grubby'
  | 'grub-without-directory'
  | 'ostree'
  | 'proxmox'
  | 'kernelstub'
  | 'systemd-boot'
  | 'unknown';

/** A line of the user's own GRUB settings, or of tuned's, that gives parameters. */
export interface SettingLine {
  readonly file: string;
  readonly line: number;
  readonly tokens: readonly Token[];
}

/** A kernel that grubby knows. */
export interface KernelEntry {
  /** Its path. */
  readonly kernel: string;
  readonly tokens: readonly Token[];
}

/** What the host boots with, now and the next time. */
export interface Boot {
  readonly loader: Loader;
  /** Of the running kernel. */
  readonly live: readonly Token[];
  /**
   * Of the first boot entry, or with grubby of every kernel but those of rescue: what the next boot
   * will have.
   */
  readonly entries: readonly (readonly Token[])[];
  /** The entries of grubby that boot a rescue system, which keep what they have. */
  readonly rescue: readonly KernelEntry[];
  /** Our own drop-in; undefined where it is not there. */
  readonly dropIn: string | undefined;
  readonly settings: readonly SettingLine[];
}

/**
 * The one file of the GRUB settings that is ours. `zz`: cloud images have a drop-in that assigns
 * the variable outright.
 */
export const dropInPath = '/etc/default/grub.d/zz-hostwright.cfg';

/** The parameters of a profile of tuned, which are not in any file of GRUB. */
export const tunedPath = '/etc/tuned/bootcmdline';

const loaders: readonly Loader[] = [
  'grub',
  'grubby',
  'grub-without-directory',
  'ostree',
  'proxmox',
  'kernelstub',
  'systemd-boot',
  'unknown',
];

/** Which boot loader the host has. @throws CannotTell */
const loader = map(
  printed(
    'The search for the boot loader',
    raw(`if [ -e /run/ostree-booted ]; then echo ostree
elif command -v proxmox-boot-tool >/dev/null && proxmox-boot-tool status >/dev/null 2>&1; then echo proxmox
elif command -v kernelstub >/dev/null; then echo kernelstub
elif command -v grubby >/dev/null; then echo grubby
elif [ ! -e /boot/grub/grub.cfg ] && command -v bootctl >/dev/null && bootctl is-installed >/dev/null 2>&1; then \
echo systemd-boot
elif ! command -v grub-mkconfig >/dev/null; then echo unknown
elif grep -q default/grub.d "$(command -v grub-mkconfig)"; then echo grub
else echo grub-without-directory
fi`),
  ),
  (text): Loader => {
    const found = loaders.find(name => name === text.trim());
    if (!found) throw new CannotTell(`the boot loader is not known: ${text.trim()}`);
    return found;
  },
);

/** Lines that give parameters, of the user's own GRUB settings and of tuned. */
const settings = map(
  printed(
    'awk',
    raw(`for file in /etc/default/grub /etc/default/grub.d/*.cfg ${tunedPath}; do
  [ -e "$file" ] && [ "$file" != ${dropInPath} ] || continue
  awk -v file="$file" '/^[ \\t]*(export[ \\t]+)?(GRUB_CMDLINE_LINUX(_DEFAULT)?|TUNED_BOOT_CMDLINE)=/ { \
print file ":" FNR ":" $0 }' "$file" || exit 1
done`),
  ),
  text => text.split('\n').flatMap(parseSetting),
);

/**
 * Boot entries, read by whether grubby has printed them. The first entry of a menu is the one that
 * boots unless somebody chooses another; recovery entries keep the plain command line on purpose.
 */
const entries = look(
  {
    [own]: raw(`if command -v grubby >/dev/null; then grubby --info=ALL | \
sed -n -e 's/^kernel=/kernel /p' -e 's/^args=/args /p'; exit; fi
[ -e /boot/grub/grub.cfg ] || exit 3
awk '$1 ~ /^linux(16|efi)?$/ { $1 = ""; $2 = ""; print; exit }' /boot/grub/grub.cfg`),
  },
  answer => (grubby: boolean) => {
    const { stdout } = accept(answer, own, [0, 3], grubby ? 'grubby' : 'awk');
    return grubby ? kernelEntries(stdout) : menuEntries(stdout);
  },
);

/**
 * The kernel's command line: which loader, configured, boot entries, running.
 * @throws CannotTell
 */
export const boot: Look<Boot> = foreseeing(
  all({
    loader,
    live: commandLine,
    dropin: ask('cat', raw(`[ -e ${dropInPath} ] || exit 3; cat ${dropInPath}`), [0, 3]),
    settings,
    entries,
  }),
  ({ dropin, entries, ...seen }, foretold) => {
    const found = entries(seen.loader === 'grubby');
    const isRescue = ({ kernel }: KernelEntry) => /rescue/.test(kernel.slice(kernel.lastIndexOf('/')));
    return {
      ...seen,
      entries: foreseenEntries(foretold) ?? found.filter(entry => !isRescue(entry)).map(({ tokens }) => tokens),
      rescue: found.filter(isRescue),
      dropIn: dropin.code === 3 ? undefined : dropin.stdout,
    };
  },
);

/** One entry for each line of arguments, of the kernel that grubby named last. */
function kernelEntries(text: string): readonly KernelEntry[] {
  let kernel = '';
  return text.split('\n').flatMap(line => {
    const [, key, value = ''] = /^(kernel|args) (.*)$/.exec(line) ?? [];
    if (key === 'kernel') kernel = unquote(value);
    return key === 'args' ? [{ kernel, tokens: splitTokens(unquote(value)) }] : [];
  });
}

function menuEntries(text: string): readonly KernelEntry[] {
  const lines = text.split('\n').filter(line => line.trim() !== '');
  return lines.map(line => ({ kernel: '', tokens: splitTokens(line) }));
}

function parseSetting(text: string): readonly SettingLine[] {
  const [, file, line, value] = /^([^:]+):(\d+):[^=]*=(.*)$/.exec(text) ?? [];
  if (file === undefined || value === undefined) return [];
  return [{ file, line: Number(line), tokens: splitTokens(value.replace(/["']/g, ' ')) }];
}

function unquote(text: string): string {
  return /^".*"$/.test(text) ? text.slice(1, -1) : text;
}
