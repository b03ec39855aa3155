import { CannotTell } from '../../shell/answer.ts';
import { ask, type Look, map } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';

/** A virtual function as sysfs shows it. */
export interface VirtualFunction {
  readonly address: string;
  /** '' where none is bound. */
  readonly driver: string;
  /** What of it the host itself uses, as phrases. */
  readonly uses: readonly string[];
}

/** A physical function as sysfs shows it. */
export interface PhysicalFunction {
  readonly address: string;
  readonly driver: string;
  /** Its network interfaces; none for other devices. */
  readonly interfaces: readonly string[];
  /** Undefined where the device has no SR-IOV. */
  readonly total: number | undefined;
  readonly current: number;
  readonly autoprobe: boolean;
  readonly functions: readonly VirtualFunction[];
}

/** Pattern of the address of a PCI device. */
export const pciAddress = '[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]';

/** The directory of the device in sysfs, for the shell. */
export function directoryOf(pf: string): string {
  return new RegExp(`^${pciAddress}$`).test(pf) ? `/sys/bus/pci/devices/${pf}` : `/sys/class/net/${pf}/device`;
}

/** The device; undefined where it does not exist. It starts few processes. @throws CannotTell */
export function physicalFunction(pf: string): Look<PhysicalFunction | undefined> {
  const text = sh`cd -P ${directoryOf(pf)} 2>/dev/null || exit 3
driver() { if [ -e "$1/driver" ]; then d=$(readlink -f "$1/driver") || exit 1; echo "\${d##*/}"; else echo; fi; }
# A virtio device stands below its PCI device.
case "\${PWD##*/}" in virtio*) cd .. || exit 1;; esac
echo "address \${PWD##*/}"
echo "driver $(driver .)"
for net in net/*; do [ -e "$net" ] && echo "interface \${net##*/}"; done
for file in sriov_totalvfs sriov_numvfs sriov_drivers_autoprobe; do
  [ -e $file ] || continue
  IFS= read -r value <$file || exit 1
  echo "$file $value"
done
for vf in virtfn*; do
  [ -e "$vf" ] || continue
  at=$(readlink -f "$vf") || exit 1
  echo "vf \${at##*/} $(driver "$vf")"
  for net in "$vf"/net/*; do
    [ -e "$net" ] || continue
    IFS= read -r flags <"$net/flags" || exit 1
    [ $((flags & 1)) = 0 ] || echo "use \${net##*/} is up"
    for upper in "$net"/upper_*; do [ ! -e "$upper" ] || echo "use \${net##*/} is part of \${upper##*/upper_}"; done
  done
  for disk in "$vf"/nvme/nvme*/nvme*n* "$vf"/host*/target*/*/block/*; do [ ! -d "$disk" ] || \
echo "use \${disk##*/} is a disk of the host"; done
done
:`;
  return map(ask('The look at the device', text, [0, 3]), ({ code, stdout }) =>
    code === 3 ? undefined : readDevice(stdout),
  );
}

/** @throws CannotTell */
function readDevice(text: string): PhysicalFunction {
  const rows = text.split('\n').map(row => ({ key: row.split(' ', 1)[0], value: row.slice(row.indexOf(' ') + 1) }));
  const first = (name: string) => rows.find(({ key }) => key === name)?.value;
  const address = first('address') ?? '';
  const numbers = ['sriov_totalvfs', 'sriov_numvfs', 'sriov_drivers_autoprobe'].map(first);
  const functions = functionsIn(text);
  if (address === '' || numbers.some(number => number !== undefined && !/^\d+$/.test(number)))
    throw new CannotTell(`the look at the device printed ${JSON.stringify(text.slice(0, 200))}`);
  const [total, current, autoprobe] = numbers;
  if (functions.length !== Number(current ?? 0))
    throw new CannotTell(`${address} says that it has ${current} virtual functions, and ${functions.length} are there`);
  return {
    address,
    driver: first('driver') ?? '',
    interfaces: rows.filter(({ key }) => key === 'interface').map(({ value }) => value),
    total: total === undefined ? undefined : Number(total),
    current: Number(current ?? 0),
    autoprobe: autoprobe !== '0',
    functions,
  };
}

/** `vf ADDRESS DRIVER`, then a line `use …` for each use of it. */
function functionsIn(text: string): readonly VirtualFunction[] {
  const [, ...blocks] = text.split(/^vf /m);
  return blocks.map(block => {
    const [head = '', ...lines] = block.split('\n');
    const [address = '', driver = ''] = head.split(' ');
    return {
      address,
      driver,
      uses: lines.flatMap(line => (line.startsWith('use ') ? [line.slice('use '.length)] : [])),
    };
  });
}
