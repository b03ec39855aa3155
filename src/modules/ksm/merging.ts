import { CannotTell } from '../../shell/answer.ts';
import { all, ask, type Look, later, map, printed } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';

/** Where the kernel has its settings of same-page merging, and its account. */
export const folder = '/sys/kernel/mm/ksm';

/** What the kernel merges. */
export interface Merging {
  /** Whether it goes on. */
  readonly runs: boolean;
  /** Bytes that all pages need in addition to what they have, once each is on its own again. */
  readonly merged: number;
  /** Bytes that the kernel can give. */
  readonly available: number;
}

/** What the kernel merges; undefined where it has no KSM. @throws CannotTell */
export const merging: Look<Merging | undefined> = map(
  all({
    // Older kernels do not count the zero pages.
    account: ask(
      'grep',
      sh`[ -d ${folder} ] || exit 3; cd ${folder} && grep -sH '' run pages_sharing ksm_zero_pages || [ $? = 2 ]`,
      [0, 3],
    ),
    memory: later(printed('grep', sh`grep -E '^MemAvailable:' /proc/meminfo`)),
    page: later(printed('getconf', sh`getconf PAGESIZE`)),
  }),
  ({ account: { code, stdout }, memory, page }) =>
    code === 3 ? undefined : readMerging(stdout, memory(), Number(page())),
);

/** @throws CannotTell */
function readMerging(account: string, memory: string, page: number): Merging {
  const values = new Map([...account.matchAll(/^(\w+):(-?\d+)$/gm)].map(([, name, value]) => [name, value]));
  const [run, sharing] = [values.get('run'), values.get('pages_sharing')];
  const available = /^MemAvailable:\s*(\d+) kB/m.exec(memory)?.[1];
  if (run === undefined || sharing === undefined || available === undefined || !(page > 0))
    throw new CannotTell(`the kernel's account of merged pages is not complete: ${JSON.stringify(account)}`);
  const pages = Number(sharing) + Math.max(0, Number(values.get('ksm_zero_pages') ?? 0));
  return { runs: run === '1', merged: pages * page, available: Number(available) * 1024 };
}

/** Whether ksmtuned runs; 9 says that there is no systemd. */
export const steeredByDaemon: Look<boolean> = map(
  printed(
    'systemctl',
    sh`command -v systemctl >/dev/null || exit 9; systemctl is-active ksmtuned.service`,
    [0, 3, 4, 9],
  ),
  state => /^(re)?(load|activat)ing|^active/.test(state),
);
