import { parseCpuList } from '../../host/cpu/cpu-list.ts';
import { CannotTell } from '../../shell/answer.ts';
import { type Look, map, printed } from '../../shell/look.ts';
import { raw } from '../../shell/quote.ts';

/** Where the kernel has a folder for each interrupt. */
export const folder = '/proc/irq';

/** The CPUs of interrupts that come later, as a mask. */
export const initialFile = `${folder}/default_smp_affinity`;

/** The CPUs of each interrupt, as a list; a glob of systemd-tmpfiles. */
export const everyFile = `${folder}/*/smp_affinity_list`;

/** An interrupt of a device. */
export interface Irq {
  readonly number: number;
  readonly cpus: readonly number[];
  /** The kernel places it itself: queues of NVMe and virtio disks, timers. */
  readonly fixed: boolean;
}

/** All interrupts. @throws CannotTell */
export const interrupts: Look<readonly Irq[]> = map(
  printed(
    'The look at the interrupts',
    raw(`cd ${folder} || exit 1
fixed=$(find . -mindepth 2 -maxdepth 2 -name smp_affinity_list ! -perm -200) || exit 1
for irq in [0-9]*; do
  # One whose driver goes meanwhile is gone.
  { read -r cpus < $irq/smp_affinity_list; } 2>/dev/null || continue
  how=moves
  if [ -n "$fixed" ]; then case "$fixed
" in *"./$irq/smp_affinity_list
"*) how=stays ;; esac
  else
    # Kernels before 6.11 do not say by the mode what can be moved. They refuse this word always, but of a fixed one \
with another error.
    case $( { echo hostwright > $irq/smp_affinity_list; } 2>&1 ) in *'Invalid argument'*) ;; *) how=stays ;; esac
  fi
  echo "$irq $how $cpus"
done`),
  ),
  text =>
    text
      .split('\n')
      .filter(line => line !== '')
      .map(readIrq),
);

/** @throws CannotTell */
function readIrq(line: string): Irq {
  const [, number, how, list = '?'] = /^(\d+) (moves|stays) (.*)$/.exec(line) ?? [];
  const cpus = parseCpuList(list);
  if (number === undefined || !cpus) throw new CannotTell(`an interrupt has the CPUs ${JSON.stringify(line)}`);
  return { number: Number(number), cpus, fixed: how === 'stays' };
}
