import { CannotTell } from '../../shell/answer.ts';
import { all, type Look, later, map, printed } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';

export type DaemonMode = 'monolithic' | 'modular' | 'both' | 'none';

export interface Daemon {
  readonly mode: DaemonMode;
  /** The service whose process reads the file; undefined where there is none. */
  readonly unit: 'libvirtd' | 'virtqemud' | undefined;
  /** 0 where it does not run: socket activation starts it, and it reads its files then. */
  readonly pid: number;
  /** Whether guests outlive its stop. */
  readonly sparesGuests: boolean;
  /** The file was written after the process began. */
  readonly stale: boolean;
}

const units = 'libvirtd.service libvirtd.socket virtqemud.service virtqemud.socket';

type Units = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Which daemon runs, since when, and whether the file is younger. @throws CannotTell */
export function daemonOf(path: string): Look<Daemon> {
  const looks = all({
    units: printed(
      'systemctl',
      sh`[ -d /run/systemd/system ] || { echo 'systemd did not boot this host' >&2; exit 1; }
systemctl show -p Id,LoadState,ActiveState,UnitFileState,MainPID,KillMode -- ${units.split(' ')}`,
    ),
    // Boot time, as the wall clock may have been set since.
    ages: later(
      printed(
        'The look at the process',
        sh`for u in libvirtd virtqemud; do
  p=$(systemctl show -p MainPID --value -- $u.service)
  [ "\${p:-0}" -gt 0 ] && [ -e ${path} ] || continue
  echo "$u $p $(getconf CLK_TCK) $(sed 's/.*) //' /proc/$p/stat | \
cut -d ' ' -f 20) $(cut -d ' ' -f 1 /proc/uptime) $(date +%s.%N) $(stat -L -c %.Y -- ${path})"
done`,
      ),
    ),
  });
  return map(looks, ({ ages, units }) => daemonIn(new Map(units.trim().split(/\n\n+/).map(readBlock)), ages));
}

function daemonIn(shown: Units, ages: () => string): Daemon {
  const [monolithic, modular] = [serves(shown, 'libvirtd'), serves(shown, 'virtqemud')];
  const mode = monolithic && modular ? 'both' : monolithic ? 'monolithic' : modular ? 'modular' : 'none';
  const unit = monolithic ? 'libvirtd' : modular ? 'virtqemud' : undefined;
  const service = unit && shown.get(`${unit}.service`);
  const pid = Number(service?.get('MainPID') ?? 0);
  return {
    mode,
    unit,
    pid,
    sparesGuests: service?.get('KillMode') === 'process',
    stale: unit !== undefined && pid > 0 && isStale(ages(), unit, pid),
  };
}

/** @throws CannotTell */
function serves(shown: Units, name: string): boolean {
  return ['service', 'socket'].some(kind => {
    const unit = shown.get(`${name}.${kind}`);
    if (!unit) throw new CannotTell(`systemctl said nothing about ${name}.${kind}`);
    return (
      unit.get('LoadState') === 'loaded' &&
      (/^(active|activating|reloading)$/.test(unit.get('ActiveState') ?? '') || unit.get('UnitFileState') === 'enabled')
    );
  });
}

function readBlock(block: string): [string, ReadonlyMap<string, string>] {
  const fields = new Map(
    block.split('\n').map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
  );
  return [fields.get('Id') ?? '', fields];
}

/** @throws CannotTell */
function isStale(ages: string, unit: string, pid: number): boolean {
  const lines = ages.split('\n');
  const words = lines.map(line => line.split(' ')).find(([name, id]) => name === unit && Number(id) === pid);
  // Without a file there is no line.
  if (!words) return false;
  const [ticks = 0, start = 0, uptime = 0, now = 0, written = 0, ...more] = words.slice(2).map(Number);
  if (more.length > 0 || [ticks, start, uptime, now, written].some(value => !(value > 0))) {
    throw new CannotTell(`the age of ${unit} cannot be read: ${words.join(' ')}`);
  }
  const processAge = uptime - start / ticks;
  const fileAge = now - written;
  // The kernel counts in hundredths. A file of the future says nothing, and a restart would not
  // change that.
  return fileAge >= 0 && fileAge < processAge - 0.03;
}
