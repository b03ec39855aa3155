import type { ChangePart } from '../../decision.ts';
import { formatCpuList } from '../../host/cpu/cpu-list.ts';
import { sh } from '../../shell/quote.ts';
import { inOrder, script } from '../../shell/script.ts';
import { cpuMask } from './cpu-mask.ts';
import { folder, type Irq, initialFile } from './interrupts.ts';

/**
 * Moves interrupts to these CPUs, and sets where later ones go.
 * @param now where those go so far
 */
export function setAffinity(cpus: readonly number[], now: string, irqs: readonly Irq[]): ChangePart {
  const list = formatCpuList(cpus);
  const rows = (initial: string, cpusOf: (irq: Irq) => string) =>
    [`new ones: ${initial}\n`, ...irqs.map(irq => `${irq.number}: ${cpusOf(irq)}\n`)].join('');
  return {
    diff: [
      {
        subject: 'interrupts (live)',
        before: rows(now, irq => formatCpuList(irq.cpus)),
        after: rows(list, () => list),
      },
    ],
    apply: inOrder(
      now === list ? undefined : script({ initial: sh`hw_kernel ${initialFile} ${cpuMask(cpus)}` }),
      irqs.length === 0 ? undefined : script({ move: move(irqs, list) }),
    ),
  };
}

/** A CPU has vectors for some 200 interrupts: what does not fit is named, and the rest is moved. */
function move(irqs: readonly Irq[], list: string) {
  return sh`cd ${folder} && failed=
for irq in ${irqs.map(irq => irq.number)}; do
  [ ! -e $irq ] || { echo ${list} > $irq/smp_affinity_list; } 2>/dev/null || failed="$failed $irq"
done
[ -z "$failed" ] || { echo "the kernel has refused to move$failed: the CPUs may have no vectors left" >&2; exit 1; }`;
}
