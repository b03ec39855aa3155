import { followedBy, type Refuse, refuse, storedAndLive } from '../../decision.ts';
import { canonicalCpuList, parseCpuList } from '../../host/cpu/cpu-list.ts';
import { placeText } from '../../host/file/place-text.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';
import { listOf, type UnitCpus, unitCpus } from './unit-cpus.ts';

/** Which CPUs the processes of a slice or scope may use. */
export const systemdAllowedCpus = defineModule({
  name: 'systemd_allowed_cpus',
  summary: 'Owns which CPUs the processes of a slice or scope may use, now and at boot.',
  description: `Writes a drop-in with AllowedCPUs= for the unit and compares it, the running
systemd and the kernel (cpuset.cpus.effective); says which of them differed. All processes below
the unit move at once, nothing restarts. Needs cgroups of version 2. Refused where another file
limits the unit, too.`,
  args,
  returns,
  examples,
  problems: ({ cpus }) =>
    parseCpuList(cpus)?.length ? [] : [{ argument: 'cpus', message: 'name at least one CPU: 0-1' }],
  owns: ({ unit, cpus }) => [{ subject: `unit ${unit}`, attribute: 'AllowedCPUs', value: canonicalCpuList(cpus) }],
  look: args => unitCpus(args.unit),
  decide({ unit, cpus }, seen) {
    const { manager, live, file } = seen;
    const wanted = canonicalCpuList(cpus);
    const refused = refusalOf(unit, wanted, seen);
    if (refused) return refused;
    const section = unit.endsWith('.slice') ? 'Slice' : 'Scope';
    const text = `[${section}]\nAllowedCPUs=\nAllowedCPUs=${wanted}\n`;
    const differs = manager.cpus !== wanted || (live !== undefined && live !== wanted);
    const before = `systemd: ${manager.cpus || 'no limit'}\nkernel: ${live ?? 'no process'}\n`;
    const after = `systemd: ${wanted}\nkernel: ${live === undefined ? 'no process' : wanted}\n`;
    return storedAndLive('CPUs', {
      first: 'stored',
      stored: followedBy(placeText(file.goal, text), script({ reload: sh`systemctl daemon-reload` })),
      // A reload alone leaves the kernel as it was.
      live: differs
        ? {
            diff: [{ subject: `CPUs of ${unit} (live)`, before, after }],
            apply: script({ live: sh`systemctl set-property --runtime -- ${unit} ${`AllowedCPUs=${wanted}`}` }),
          }
        : undefined,
      same: 'the file, systemd and the kernel have these CPUs',
      result: { live: wanted },
    });
  },
});

function refusalOf(unit: string, wanted: string, { capable, manager, others }: UnitCpus): Refuse | undefined {
  if (!capable) {
    return refuse(
      'the host has no CPU sets in cgroups of version 2',
      'Boot with systemd.unified_cgroup_hierarchy=1, or isolate by isolcpus.',
    );
  }
  if (!manager.loaded) {
    return refuse(`systemd has no unit ${unit}`, 'Correct the name: systemctl list-units --type=slice,scope.', {
      needs: [{ kind: 'unit', name: unit }],
    });
  }
  const other = others.find(line => listOf(line.replace(/^[^=]*=\s*/, '')) !== wanted);
  if (other === undefined) return undefined;
  return refuse(`the CPUs of ${unit} have another owner: ${other}`, `Take that line out, or leave ${unit} out here.`);
}
