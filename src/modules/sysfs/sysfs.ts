import { type Refuse, refuse, storedAndLive } from '../../decision.ts';
import { contentOfText } from '../../host/file/content.ts';
import { probeGoal } from '../../host/file/goal.ts';
import { decideReplace } from '../../host/file/replace.ts';
import { largestText, readText, type TextGoal } from '../../host/lines/text.ts';
import { sameParameter } from '../../host/modprobe/parameters.ts';
import { refuseEarlier, tmpfilesGlobs, writesAtBoot } from '../../host/sysfs/tmpfiles.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { raw, sh } from '../../shell/quote.ts';
import { type Answer, script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';

interface State {
  readonly file: TextGoal;
  /** What the kernel shows; undefined where it has no such attribute. */
  readonly live: string | undefined;
  /** Lines of all tmpfiles.d files that name the path. */
  readonly others: string;
}

export const sysfs = defineModule({
  name: 'sysfs',
  summary: 'Owns one attribute below /sys, in the running kernel and at boot.',
  description:
    'Compares the kernel and a line of tmpfiles.d, which writes the value at boot, and ' +
    'says which of them differed. Of an attribute that shows its choices (`always ' +
    '[madvise] never`) the one in brackets counts, and a value that is none of them is ' +
    'refused. Another file that is read earlier and writes another value is refused, since ' +
    'that one would win at boot. For disks there is `block_queue`, for KSM `ksm`.',
  args,
  returns,
  examples,
  owns: ({ path, value }) => [{ subject: 'sysfs', attribute: path, value: String(value) }],
  probe: ({ path, tmpfiles_file }) =>
    script({
      tool: raw('command -v systemd-tmpfiles >/dev/null || exit 127'),
      live: sh`cat ${path}`,
      ...probeGoal(tmpfiles_file, { most: largestText }),
      others: sh`grep -sHF -e ${path} ${tmpfilesGlobs}`,
    }),
  read(answer, { path }): State {
    accept(answer, 'tool', [0], 'systemd-tmpfiles');
    // 2 says that one of the folders is not there.
    const others = accept(answer, 'others', [0, 1, 2], 'grep').stdout;
    return { file: readText(answer), live: readLive(answer, path), others };
  },
  decide({ path, value: wanted, tmpfiles_file }, { file, live, others }) {
    const value = String(wanted).trim();
    if (live === undefined) return noAttribute(path);
    const choices = choicesOf(live);
    if (choices && !choices.includes(value)) return noChoice(path, value, choices);
    const earlier = refuseEarlier(others, tmpfiles_file, path, value);
    if (earlier) return earlier;
    const now = liveValue(live);
    const differs = !sameParameter(now, value);
    return storedAndLive('value', {
      stored: decideReplace(file.goal, contentOfText(writesAtBoot(file.text, path, value)), {}, {}),
      live: differs
        ? {
            diff: [{ subject: `${path} (live)`, before: `${now}\n`, after: `${value}\n` }],
            apply: script({ live: sh`hw_kernel ${path} ${value}` }),
          }
        : undefined,
      same: 'the file and the kernel have this value',
      result: { path, live: differs ? value : now },
    });
  },
});

/** @throws CannotTell */
function readLive(answer: Answer, path: string): string | undefined {
  const found = accept(answer, 'live', [0, 1], 'cat');
  if (found.code === 0) return found.stdout;
  if (/: (No such file or directory|Not a directory)\s*$/.test(found.stderr)) return undefined;
  throw new CannotTell(`could not read ${path}: ${found.stderr.trim()}`, {
    advice: 'Some attributes are for root only, some cannot be read.',
  });
}

/** The words of a list that marks one of them by brackets; undefined for any other text. */
function choicesOf(live: string): readonly string[] | undefined {
  if (!/(^|\s)\[[^\s\]]+\](\s|$)/.test(live)) return undefined;
  return live.split(/[\s[\]]+/).filter(word => word !== '');
}

function liveValue(live: string): string {
  return choicesOf(live) ? /\[([^\]]+)\]/.exec(live)![1]! : live.trim().split(/\s+/).join(' ');
}

function noAttribute(path: string): Refuse {
  return refuse(
    `the running kernel has no ${path}`,
    'Load the kernel module that brings it (modprobe), or correct the path.',
    { needs: [{ kind: 'kernel-module', name: '*' }] },
  );
}

function noChoice(path: string, value: string, choices: readonly string[]): Refuse {
  return refuse(`${path} takes no ${value}: the kernel offers ${choices.join(', ')}`, 'Choose one of those.');
}
