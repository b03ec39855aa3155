import { ok, type Refuse, refuse, storedAndLive } from '../../decision.ts';
import { contentOfText } from '../../host/file/content.ts';
import { probeGoal } from '../../host/file/goal.ts';
import { decideReplace } from '../../host/file/replace.ts';
import { largestText, readText, type TextGoal } from '../../host/lines/text.ts';
import { formatSize } from '../../host/size.ts';
import { refuseEarlier, tmpfilesGlobs, writesAtBoot } from '../../host/sysfs/tmpfiles.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { raw, sh } from '../../shell/quote.ts';
import { type Answer, script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';

interface State {
  readonly file: TextGoal;
  /** Undefined where the kernel has no KSM. */
  readonly live: Live | undefined;
  /** ksmtuned runs. */
  readonly steered: boolean;
  readonly others: string;
}

interface Live {
  readonly run: string;
  /** Bytes that all pages need in addition to what they have, once each is on its own again. */
  readonly merged: number;
  /** Bytes that the kernel can give. */
  readonly available: number;
}

const folder = '/sys/kernel/mm/ksm';
const runFile = `${folder}/run`;

/** Kernel same-page merging: pages of equal content are kept once. */
export const ksm = defineModule({
  name: 'ksm',
  summary: 'Owns whether the kernel merges equal pages of guests (KSM), now and at boot.',
  description:
    '`off` also takes merged pages apart, which needs memory: refused where the kernel has ' +
    'less available than they need. `on` starts the merging and leaves its pace alone. A ' +
    'line of tmpfiles.d sets it at boot. While ksmtuned runs, which sets it by itself, the ' +
    'task is refused.',
  args,
  returns,
  examples,
  owns: ({ state }) => [{ subject: 'sysfs', attribute: runFile, value: state }],
  probe: ({ tmpfiles_file }) =>
    script({
      tool: raw('command -v systemd-tmpfiles >/dev/null || exit 127'),
      // Older kernels do not count the zero pages.
      live: sh`[ -d ${folder} ] || exit 3; cd ${folder} && grep -sH '' run pages_sharing ksm_zero_pages || [ $? = 2 ]`,
      memory: sh`grep -E '^MemAvailable:' /proc/meminfo`,
      page: sh`getconf PAGESIZE`,
      // 9 says that there is no systemd.
      steered: sh`command -v systemctl >/dev/null || exit 9; systemctl is-active ksmtuned.service`,
      ...probeGoal(tmpfiles_file, { most: largestText }),
      others: sh`grep -sHF -e ${runFile} ${tmpfilesGlobs}`,
    }),
  read: (answer): State => {
    accept(answer, 'tool', [0], 'systemd-tmpfiles');
    return {
      file: readText(answer),
      live: readLive(answer),
      steered: /^(re)?(load|activat)ing|^active/.test(accept(answer, 'steered', [0, 3, 4, 9], 'systemctl').stdout),
      others: accept(answer, 'others', [0, 1, 2], 'grep').stdout,
    };
  },
  decide({ state, tmpfiles_file }, { file, live, steered, others }) {
    if (!live) return state === 'off' ? ok('the kernel has no KSM') : noKsm();
    if (steered) return refuseSteered();
    // At boot nothing is merged, so that stopping is enough: no page is taken apart without the
    // look at the memory.
    const boot = state === 'on' ? '1' : '0';
    const earlier = refuseEarlier(others, tmpfiles_file, runFile, boot);
    if (earlier) return earlier;
    const stored = decideReplace(file.goal, contentOfText(writesAtBoot(file.text, runFile, boot)), {}, {});
    if (stored.kind === 'refuse') return stored;
    const runs = live.run === '1';
    const differs = state === 'on' ? !runs : runs || live.merged > 0;
    const unmerge = state === 'off' && live.merged > 0;
    if (unmerge && live.available <= live.merged) return refuseUnmerge(live);
    const merged = state === 'off' ? 0 : live.merged;
    const [before, after] = [describe(runs, live.merged), describe(state === 'on', merged)];
    return storedAndLive('value', {
      stored,
      live: differs
        ? {
            diff: [{ subject: 'KSM (live)', before, after }],
            ...(unmerge && { guard: script({ memory: enoughMemory(live.merged) }) }),
            apply: script({ live: sh`hw_kernel ${runFile} ${state === 'on' ? '1' : '2'}` }),
          }
        : undefined,
      same: `the file and the kernel have it ${state}`,
      result: { merged },
    });
  },
});

/** @throws CannotTell */
function readLive(answer: Answer): Live | undefined {
  const { code, stdout } = accept(answer, 'live', [0, 3], 'grep');
  if (code === 3) return undefined;
  const values = new Map([...stdout.matchAll(/^(\w+):(-?\d+)$/gm)].map(([, name, value]) => [name, value!]));
  const [run, sharing] = [values.get('run'), values.get('pages_sharing')];
  const available = /^MemAvailable:\s*(\d+) kB/m.exec(accept(answer, 'memory', [0], 'grep').stdout)?.[1];
  const page = Number(accept(answer, 'page', [0], 'getconf').stdout);
  if (run === undefined || sharing === undefined || available === undefined || !(page > 0))
    throw new CannotTell(`the kernel's account of merged pages is not complete: ${JSON.stringify(stdout)}`);
  const pages = Number(sharing) + Math.max(0, Number(values.get('ksm_zero_pages') ?? 0));
  return { run, merged: pages * page, available: Number(available) * 1024 };
}

/** Leaves with 75 if the memory has become too little. */
function enoughMemory(bytes: number) {
  return sh`[ "$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo)" -gt ${Math.ceil(bytes / 1024)} ] || exit 75`;
}

function describe(runs: boolean, merged: number): string {
  return `${runs ? 'merges pages' : 'merges nothing'}, ${formatSize(merged)} saved\n`;
}

function noKsm(): Refuse {
  return refuse(`the kernel has no KSM (${folder})`, 'Boot a kernel that was built with CONFIG_KSM, or leave it off.');
}

function refuseSteered(): Refuse {
  return refuse(
    'ksmtuned runs, which starts and stops the merging by itself',
    'Stop and disable it first: service: {name: ksmtuned, state: stopped, enabled: false}.',
    { needs: [{ kind: 'unit', name: 'ksmtuned.service' }] },
  );
}

function refuseUnmerge({ merged, available }: Live): Refuse {
  return refuse(
    `taking merged pages apart needs ${formatSize(merged)}, and the host has ${formatSize(available)} available`,
    'Shut guests down or move them away first: the kernel would kill processes to get the memory.',
  );
}
