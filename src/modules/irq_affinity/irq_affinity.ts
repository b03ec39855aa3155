import { differing, refuse, storedAndLive } from '../../decision.ts';
import { canonicalCpuList, formatCpuList, parseCpuList } from '../../host/cpu/cpu-list.ts';
import { contentOfText } from '../../host/file/content.ts';
import { probeGoal } from '../../host/file/goal.ts';
import { decideReplace } from '../../host/file/replace.ts';
import { largestText, readText, type TextGoal } from '../../host/lines/text.ts';
import { refuseEarlier, tmpfilesGlobs, writesAtBoot } from '../../host/sysfs/tmpfiles.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { raw, sh } from '../../shell/quote.ts';
import { type Answer, inOrder, script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { cpuMask, parseCpuMask } from './cpu-mask.ts';
import { args, examples, returns } from './schema.ts';

interface State {
  readonly file: TextGoal;
  readonly online: readonly number[];
  /** Where interrupts of drivers that come later go. */
  readonly initial: readonly number[];
  readonly irqs: readonly Irq[];
  readonly others: string;
}

interface Irq {
  readonly number: number;
  readonly cpus: readonly number[];
  /** The kernel places it itself: queues of NVMe and virtio disks, timers. */
  readonly fixed: boolean;
}

const folder = '/proc/irq';
const initialFile = `${folder}/default_smp_affinity`;
const everyFile = `${folder}/*/smp_affinity_list`;

/** Which CPUs serve the interrupts of devices. */
export const irqAffinity = defineModule({
  name: 'irq_affinity',
  summary: 'Owns which CPUs serve interrupts of devices, now and at boot.',
  description: `Moves interrupts that may be served by other CPUs, sets where those of later
drivers go, and has lines of tmpfiles.d do so at boot; says which of them differed. One that
irqbalance has put on some of the CPUs stays there. Interrupts that the kernel places itself
(queues of NVMe and virtio disks) cannot be moved: they are counted.`,
  args,
  returns,
  examples,
  problems: ({ cpus }) =>
    parseCpuList(cpus)?.length ? [] : [{ argument: 'cpus', message: 'name at least one CPU: 0-1' }],
  owns: ({ cpus }) => [{ subject: 'interrupts', attribute: 'CPUs', value: canonicalCpuList(cpus) }],
  probe: ({ tmpfiles_file }) =>
    script({
      tool: raw('command -v systemd-tmpfiles >/dev/null || exit 127'),
      online: raw('cat /sys/devices/system/cpu/online'),
      initial: sh`cat ${initialFile}`,
      irqs: raw(`cd ${folder} || exit 1
fixed=$(find . -mindepth 2 -maxdepth 2 -name smp_affinity_list ! -perm -200) || exit 1
for irq in [0-9]*; do
  # One whose driver goes meanwhile is gone.
  { read -r cpus < $irq/smp_affinity_list; } 2>/dev/null || continue
  how=moves
  if [ -n "$fixed" ]; then case "$fixed
" in *"./$irq/smp_affinity_list
"*) how=stays ;; esac
  else
    # Kernels before 6.11 do not say by the mode what can be moved. They refuse this word always, but of a fixed one with another error.
    case $( { echo hostwright > $irq/smp_affinity_list; } 2>&1 ) in *'Invalid argument'*) ;; *) how=stays ;; esac
  fi
  echo "$irq $how $cpus"
done`),
      ...probeGoal(tmpfiles_file, { most: largestText }),
      others: sh`grep -sHF -e ${folder}/ ${tmpfilesGlobs}`,
    }),
  read(answer): State {
    accept(answer, 'tool', [0], 'systemd-tmpfiles');
    return {
      file: readText(answer),
      online: parsed(accept(answer, 'online', [0], 'cat').stdout, parseCpuList),
      initial: parsed(accept(answer, 'initial', [0], 'cat').stdout, parseCpuMask),
      irqs: readIrqs(answer),
      // 2 says that one of the folders is not there.
      others: accept(answer, 'others', [0, 1, 2], 'grep').stdout,
    };
  },
  decide({ cpus, tmpfiles_file }, { file, online, initial, irqs, others }) {
    const wanted = parseCpuList(cpus) ?? [];
    const missing = wanted.filter(cpu => !online.includes(cpu));
    if (missing.length > 0) {
      return refuse(
        `CPU ${formatCpuList(missing)} is offline or missing: online are ${formatCpuList(online)}`,
        'Correct the list: lscpu -e.',
      );
    }
    const [list, mask] = [formatCpuList(wanted), cpuMask(wanted)];
    const earlier =
      refuseEarlier(others, tmpfiles_file, initialFile, mask) ?? refuseEarlier(others, tmpfiles_file, everyFile, list);
    if (earlier) return earlier;
    // Unlike this one, the second is refused by the kernel for some interrupts.
    const text = writesAtBoot(writesAtBoot(file.text, initialFile, mask), everyFile, list, 'w-');
    const outside = irqs.filter(irq => irq.cpus.some(cpu => online.includes(cpu) && !wanted.includes(cpu)));
    const moves = outside.filter(irq => !irq.fixed);
    const now = formatCpuList(initial.filter(cpu => online.includes(cpu)));
    const fixed = outside.filter(irq => irq.fixed).map(irq => irq.number);
    const rest = fixed.length > 0 ? `; ${fixed.length} that the kernel places itself stay` : '';
    const before = rows(now, moves, irq => formatCpuList(irq.cpus));
    return storedAndLive((stored, live) => `${differing('CPUs', stored, live)}${rest}`, {
      stored: decideReplace(file.goal, contentOfText(text), {}, {}),
      live:
        moves.length > 0 || now !== list
          ? {
              diff: [{ subject: 'interrupts (live)', before, after: rows(list, moves, () => list) }],
              apply: inOrder(
                now === list ? undefined : script({ initial: sh`hw_kernel ${initialFile} ${mask}` }),
                moves.length === 0 ? undefined : script({ move: move(moves, list) }),
              ),
            }
          : undefined,
      same: `interrupts are served by CPUs ${list}${rest}`,
      result: { fixed },
    });
  },
});

/** @throws CannotTell */
function parsed(text: string, parse: (text: string) => readonly number[] | undefined): readonly number[] {
  const cpus = parse(text.trim());
  if (!cpus || cpus.length === 0) throw new CannotTell(`the kernel names CPUs as ${JSON.stringify(text)}`);
  return cpus;
}

/** @throws CannotTell */
function readIrqs(answer: Answer): readonly Irq[] {
  const lines = accept(answer, 'irqs', [0], 'The look at the interrupts').stdout.split('\n');
  return lines.flatMap(line => {
    if (line === '') return [];
    const [, number, how, list] = /^(\d+) (moves|stays) (.*)$/.exec(line) ?? [];
    const cpus = parseCpuList(list ?? '?');
    if (number === undefined || !cpus) throw new CannotTell(`an interrupt has the CPUs ${JSON.stringify(line)}`);
    return [{ number: Number(number), cpus, fixed: how === 'stays' }];
  });
}

function rows(initial: string, irqs: readonly Irq[], cpusOf: (irq: Irq) => string): string {
  return [`new ones: ${initial}\n`, ...irqs.map(irq => `${irq.number}: ${cpusOf(irq)}\n`)].join('');
}

/** A CPU has vectors for some 200 interrupts: what does not fit is named, and the rest is moved. */
function move(irqs: readonly Irq[], list: string) {
  return sh`cd ${folder} && failed=
for irq in ${irqs.map(irq => irq.number)}; do
  [ ! -e $irq ] || { echo ${list} > $irq/smp_affinity_list; } 2>/dev/null || failed="$failed $irq"
done
[ -z "$failed" ] || { echo "the kernel has refused to move$failed: the CPUs may have no vectors left" >&2; exit 1; }`;
}
