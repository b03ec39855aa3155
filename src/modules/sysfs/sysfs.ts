import { type Refuse, refuse, storedAndLive } from '../../decision.ts';
import { sameParameter } from '../../host/modprobe/parameters.ts';
import { kernelFile, setKernelFile } from '../../host/sysfs/kernel-file.ts';
import { storedAtBoot, tmpfiles, tmpfilesTool } from '../../host/sysfs/tmpfiles.ts';
import { all } from '../../shell/look.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';

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
  look: ({ path, tmpfiles_file }) =>
    all({ tool: tmpfilesTool, live: kernelFile(path), boot: tmpfiles(tmpfiles_file, path) }),
  decide({ path, value: wanted }, { live, boot }) {
    const value = String(wanted).trim();
    if (live === undefined) return noAttribute(path);
    const choices = choicesOf(live);
    if (choices && !choices.includes(value)) return noChoice(path, value, choices);
    const now = liveValue(live);
    const differs = !sameParameter(now, value);
    return storedAndLive('value', {
      stored: storedAtBoot(boot, { path, value }),
      live: differs ? setKernelFile(path, value, { subject: `${path} (live)`, before: now }) : undefined,
      same: 'the file and the kernel have this value',
      result: { path, live: differs ? value : now },
    });
  },
});

/** The words of a list that marks one of them by brackets; undefined for any other text. */
function choicesOf(live: string): readonly string[] | undefined {
  return chosen.test(live) ? live.split(/[\s[\]]+/).filter(word => word !== '') : undefined;
}

function liveValue(live: string): string {
  return chosen.exec(live)?.groups?.word ?? live.trim().split(/\s+/).join(' ');
}

const chosen = /(^|\s)\[(?<word>[^\s\]]+)\](\s|$)/;

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
