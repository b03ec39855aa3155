import { type Decision, followedBy, type Refuse, refuse, storedAndLive } from '../../decision.ts';
import { canonicalCpuList, formatCpuList, parseCpuList } from '../../host/cpu/cpu-list.ts';
import { probeGoal } from '../../host/file/goal.ts';
import { placeText } from '../../host/file/place-text.ts';
import { largestText, readText, type TextGoal } from '../../host/lines/text.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { raw, sh } from '../../shell/quote.ts';
import { type Answer, script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { type Args, args, examples, returns } from './schema.ts';

interface State {
  readonly file: TextGoal;
  /** False where the cgroups have no CPU sets to give (version 1). */
  readonly capable: boolean;
  readonly loaded: boolean;
  /** What systemd will set when it sets it again; '' for no limit. */
  readonly manager: string;
  /**
   * What the kernel lets the unit use; undefined where the unit has no process, so that there is
   * nothing to limit.
   */
  readonly live: string | undefined;
  /** `FILE:LINE` of other files that limit the unit. */
  readonly others: readonly string[];
}

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
  probe: ({ unit }) =>
    script({
      systemd: raw(`[ -d /run/systemd/system ] || { echo 'systemd did not boot this host' >&2; exit 1; }`),
      // 1 says that the root has no CPU sets, 2 that the file does not exist: cgroups of version 1.
      capable: raw('grep -swq cpuset /sys/fs/cgroup/cgroup.controllers'),
      unit: sh`systemctl show -p LoadState,AllowedCPUs -- ${unit}`,
      live: sh`group=$(systemctl show -p ControlGroup --value -- ${unit}) || exit 1
[ -n "$group" ] && [ -d "/sys/fs/cgroup$group" ] || exit 3
[ -e "/sys/fs/cgroup$group/cpuset.cpus.effective" ] || group=
cat "/sys/fs/cgroup$group/cpuset.cpus.effective"`,
      others: sh`grep -sHE '^[[:space:]]*AllowedCPUs=' ${raw(otherFiles(unit))}`,
      ...probeGoal(dropIn(unit), { most: largestText }),
    }),
  read(answer, { unit }): State {
    accept(answer, 'systemd', [0], 'The look at systemd');
    const shown = accept(answer, 'unit', [0], 'systemctl').stdout;
    const load = /^LoadState=(\S+)$/m.exec(shown)?.[1];
    const manager = /^AllowedCPUs=(.*)$/m.exec(shown)?.[1];
    if (load === undefined || manager === undefined) throw new CannotTell(`systemctl said nothing about ${unit}`);
    return {
      capable: accept(answer, 'capable', [0, 1, 2], 'grep').code === 0,
      loaded: load === 'loaded',
      manager: canonicalCpuList(manager.trim().replaceAll(' ', ',')),
      live: readLive(answer),
      others: accept(answer, 'others', [0, 1, 2], 'grep')
        .stdout.split('\n')
        .filter(line => /=\s*\S/.test(line) && !line.startsWith(`${dropIn(unit)}:`)),
      file: readText(answer),
    };
  },
  decide,
});

/** Sorts after what `systemctl set-property` writes, 50-AllowedCPUs.conf. */
function dropIn(unit: string): string {
  return `/etc/systemd/system/${unit}.d/60-hostwright-cpus.conf`;
}

/**
 * Files of the unit that outlive a boot; the name has no character that a shell would take
 * otherwise.
 */
function otherFiles(unit: string): string {
  return [
    '/etc/systemd/system.control',
    '/etc/systemd/system',
    '/usr/local/lib/systemd/system',
    '/usr/lib/systemd/system',
  ]
    .flatMap(folder => [`${folder}/${unit}`, `${folder}/${unit}.d/*.conf`])
    .join(' ');
}

/** @throws CannotTell */
function readLive(answer: Answer): string | undefined {
  const { code, stdout } = accept(answer, 'live', [0, 3], 'cat');
  if (code === 3) return undefined;
  const cpus = parseCpuList(stdout);
  if (!cpus) throw new CannotTell(`the kernel names the CPUs as ${JSON.stringify(stdout)}`);
  return formatCpuList(cpus);
}

function decide({ unit, cpus }: Args, state: State): Decision<State> {
  const wanted = canonicalCpuList(cpus);
  const refused = refusalOf(unit, wanted, state);
  if (refused) return refused;
  const section = unit.endsWith('.slice') ? 'Slice' : 'Scope';
  const text = `[${section}]\nAllowedCPUs=\nAllowedCPUs=${wanted}\n`;
  const differs = state.manager !== wanted || (state.live !== undefined && state.live !== wanted);
  const before = `systemd: ${state.manager || 'no limit'}\nkernel: ${state.live ?? 'no process'}\n`;
  const after = `systemd: ${wanted}\nkernel: ${state.live === undefined ? 'no process' : wanted}\n`;
  return storedAndLive('CPUs', {
    first: 'stored',
    stored: followedBy(placeText(state.file.goal, text), script({ reload: sh`systemctl daemon-reload` })),
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
}

function refusalOf(unit: string, wanted: string, { capable, loaded, others }: State): Refuse | undefined {
  if (!capable) {
    return refuse(
      'the host has no CPU sets in cgroups of version 2',
      'Boot with systemd.unified_cgroup_hierarchy=1, or isolate by isolcpus.',
    );
  }
  if (!loaded) {
    return refuse(`systemd has no unit ${unit}`, 'Correct the name: systemctl list-units --type=slice,scope.', {
      needs: [{ kind: 'unit', name: unit }],
    });
  }
  const other = others.find(
    line =>
      canonicalCpuList(
        line
          .replace(/^[^=]*=\s*/, '')
          .trim()
          .replaceAll(/\s+/g, ','),
      ) !== wanted,
  );
  if (other === undefined) return undefined;
  return refuse(`the CPUs of ${unit} have another owner: ${other}`, `Take that line out, or leave ${unit} out here.`);
}
