import type { ArgumentProblem } from '../../callable.ts';
import { type Decision, ok, refuse, storedAndLive } from '../../decision.ts';
import { edited } from '../../host/lines/decide.ts';
import { textFile } from '../../host/lines/text.ts';
import { assign, overriding, sysctlGlobs, unassign } from '../../host/sysctl/file.ts';
import { keyPath, sameValue } from '../../host/sysctl/key.ts';
import { kernelFile, setKernelFile } from '../../host/sysfs/kernel-file.ts';
import { all, map, printed } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { defineModule } from '../module.ts';
import { type Args, args, examples, returns } from './schema.ts';

export const sysctl = defineModule({
  name: 'sysctl',
  summary: 'Owns one kernel setting, in a file of sysctl.d and in the running kernel.',
  description:
    'Compares the file and the kernel, and says which of them differed. Applies this key ' +
    'only, never all files. A file that is read later and sets another value is refused, ' +
    'since that one would win at the next boot. `state: absent` removes the key from the ' +
    'file; the kernel keeps its value until it is rebooted.',
  args,
  returns,
  examples,
  problems,
  owns: args =>
    args.state === 'present'
      ? [{ subject: 'sysctl', attribute: keyPath(args.name), value: sameValue(String(args.value)) }]
      : [],
  look: ({ name, sysctl_file }) => {
    const path = keyPath(name);
    return all({
      live: map(kernelFile(`/proc/sys/${path}`, name), text => text && sameValue(text)),
      file: textFile(sysctl_file, { follow: true }),
      // 2 says that one of the folders is not there.
      others: printed('grep', sh`grep -sHF -e ${path.replace(/^.*\//, '')} ${sysctlGlobs}`, [0, 1, 2]),
    });
  },
  decide(args, { file, live, others }) {
    const path = keyPath(args.name);
    const value = sameValue(String(args.value ?? ''));
    if (args.state === 'absent') {
      const gone = unassign(file.text, path);
      if (gone === file.text) return ok('the file does not set it', { result: { name: args.name, live } });
      return edited(file, gone);
    }
    const winner = overriding(others, args.sysctl_file, { path, value });
    if (winner) return overridden(args.name, value, args.sysctl_file, winner);
    const sets = args.reload || args.sysctl_set;
    if (live === undefined && sets && !args.ignoreerrors) return noKey(args.name);

    const differs = sets && live !== undefined && live !== value;
    return storedAndLive('value', {
      stored: edited(file, assign(file.text, args.name, { path, value })),
      live: differs
        ? setKernelFile(`/proc/sys/${path}`, value, { subject: `${args.name} (live)`, before: live })
        : undefined,
      same: 'the file and the kernel have this value',
      result: { name: args.name, live: differs ? value : live, stored: value },
    });
  },
});

function problems({ name, value, state }: Args): ArgumentProblem[] {
  if (/(^|\/)\.\.?(\/|$)|\/\/|^\/|\/$/.test(keyPath(name)))
    return [{ argument: 'name', message: 'is not a key of sysctl' }];
  if (state === 'present' && value === undefined) return [{ argument: 'value', message: 'is needed' }];
  if (/\n/.test(String(value))) return [{ argument: 'value', message: 'must be one line' }];
  return [];
}

function overridden(name: string, value: string, file: string, winner: { file: string; value: string }): Decision {
  return refuse(
    `${winner.file} sets ${name} to ${winner.value} and is read after ${file}: at boot ${value} would be lost`,
    `Remove the line from ${winner.file}, or choose a sysctl_file whose name sorts after it.`,
  );
}

function noKey(name: string): Decision {
  return refuse(
    `the running kernel has no key ${name}`,
    'Load the kernel module that brings it (modprobe), correct the name, or say ' +
      'ignoreerrors: true to store it all the same.',
    {
      // Which module brings a key is written nowhere: any that an earlier task loads may.
      needs: [{ kind: 'kernel-module', name: '*' }],
    },
  );
}
