import { differing, refuse, storedAndLive } from '../../decision.ts';
import { canonicalCpuList, formatCpuList, parseCpuList } from '../../host/cpu/cpu-list.ts';
import { cpusIn } from '../../host/cpu/cpus-in.ts';
import { storedAtBoot, tmpfiles, tmpfilesTool } from '../../host/sysfs/tmpfiles.ts';
import { all } from '../../shell/look.ts';
import { defineModule } from '../module.ts';
import { cpuMask, parseCpuMask } from './cpu-mask.ts';
import { everyFile, folder, initialFile, interrupts } from './interrupts.ts';
import { setAffinity } from './move.ts';
import { args, examples, returns } from './schema.ts';

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
  look: ({ tmpfiles_file }) =>
    all({
      tool: tmpfilesTool,
      online: cpusIn('/sys/devices/system/cpu/online'),
      // Where interrupts of drivers that come later go.
      initial: cpusIn(initialFile, parseCpuMask),
      irqs: interrupts,
      boot: tmpfiles(tmpfiles_file, `${folder}/`),
    }),
  decide({ cpus }, { boot, online, initial, irqs }) {
    const wanted = parseCpuList(cpus) ?? [];
    const missing = wanted.filter(cpu => !online.includes(cpu));
    if (missing.length > 0) {
      return refuse(
        `CPU ${formatCpuList(missing)} is offline or missing: online are ${formatCpuList(online)}`,
        'Correct the list: lscpu -e.',
      );
    }
    const list = formatCpuList(wanted);
    const outside = irqs.filter(irq => irq.cpus.some(cpu => online.includes(cpu) && !wanted.includes(cpu)));
    const moves = outside.filter(irq => !irq.fixed);
    const now = formatCpuList(initial.filter(cpu => online.includes(cpu)));
    const fixed = outside.filter(irq => irq.fixed).map(irq => irq.number);
    const rest = fixed.length > 0 ? `; ${fixed.length} that the kernel places itself stay` : '';
    return storedAndLive((stored, live) => `${differing('CPUs', stored, live)}${rest}`, {
      stored: storedAtBoot(
        boot,
        { path: initialFile, value: cpuMask(wanted) },
        // Unlike the first, this one is refused by the kernel for some interrupts.
        { path: everyFile, value: list, type: 'w-' },
      ),
      live: moves.length > 0 || now !== list ? setAffinity(wanted, now, moves) : undefined,
      same: `interrupts are served by CPUs ${list}${rest}`,
      result: { fixed },
    });
  },
});
