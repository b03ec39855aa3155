import { CannotTell } from '../../shell/answer.ts';
import { ask, type Look, map } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';

const levels = ['PASS', 'WARN', 'FAIL'] as const;

/** What the tool says of one thing. */
export interface Check {
  /** As the tool says it: `if device /dev/kvm exists`. */
  readonly check: string;
  readonly level: (typeof levels)[number];
  /** What the tool advises; '' where it says nothing. */
  readonly advice: string;
}

/** All checks of virt-host-validate. @throws CannotTell */
export function checks(hypervisor: string): Look<readonly Check[]> {
  // 1 says that a check did not pass; which levels count depends on the version.
  const tool = ask('virt-host-validate', sh`virt-host-validate ${hypervisor}`, [0, 1]);
  return map(tool, ({ stdout, stderr }) => {
    const lines = stdout.split('\n').filter(line => line.trim() !== '');
    if (lines.length === 0) throw new CannotTell(`virt-host-validate said nothing: ${stderr.trim()}`);
    return lines.map(readLine);
  });
}

/** @throws CannotTell */
function readLine(line: string): Check {
  const [, check, word, advice = ''] =
    /^\s*[A-Z0-9]+: Checking (.+?)\s*: (PASS|WARN|FAIL)(?:\s+\((.*)\))?\s*$/.exec(line) ?? [];
  const level = levels.find(one => one === word);
  if (check === undefined || level === undefined)
    throw new CannotTell(`virt-host-validate said what cannot be read: ${line.trim()}`);
  return { check, level, advice };
}
