import { type Change, change, type Decision, inSequence, ok, refuse } from '../../decision.ts';
import type { Pending } from '../../events/result.ts';
import { edited } from '../../host/lines/decide.ts';
import { textFile } from '../../host/lines/text.ts';
import { loadText, optionsText } from '../../host/modprobe/files.ts';
import { parseParameters, sameParameter } from '../../host/modprobe/parameters.ts';
import { CannotTell } from '../../shell/answer.ts';
import { all, type Look, map, printed, type Seen } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { type Args, args, examples, returns } from './schema.ts';

type Stored = Seen<ReturnType<typeof storedFiles>>;

type Live = 'loaded' | 'builtin' | 'unloaded';

export const modprobe = defineModule({
  name: 'modprobe',
  summary: 'Loads or unloads a kernel module, now and at boot.',
  description:
    'With `persistent: present` it owns the module in /etc/modules-load.d/NAME.conf and ' +
    'its options in /etc/modprobe.d/NAME.conf. Parameters of a module that is loaded ' +
    'already take effect at the next boot: a reboot is then reported as pending, since ' +
    'unloading could stop what uses it.',
  args,
  returns,
  examples,
  problems: ({ params }) =>
    parseParameters(params)
      ? []
      : [{ argument: 'params', message: 'is a list of name=value with blanks between them' }],
  look: ({ name, params, persistent }) =>
    all({
      live: liveState(name),
      parameters: liveParameters(name, [...(parseParameters(params)?.keys() ?? [])]),
      stored: persistent === 'disabled' ? undefined : storedFiles(name),
    }),
  decide(args, { live, parameters, stored }) {
    const wanted = args.state === 'present';
    if (live === 'builtin' && !wanted) return builtin(args.name);
    const stale = wanted && live !== 'unloaded' ? staleParameters(args.params, parameters) : [];
    if (stale.length > 0 && args.persistent !== 'present') return loadedOtherwise(args.name, stale);

    const pending: Pending[] =
      stale.length === 0
        ? []
        : [{ kind: 'reboot', reason: `${args.name} is loaded with ${stale.join(' ')}, not ${args.params}` }];
    const files = stored ? decideFiles(args, stored) : [];
    const refused = files.find(one => one.kind === 'refuse');
    if (refused) return refused;
    const changes = files.filter(one => one.kind === 'change');
    const fix = wanted ? live === 'unloaded' : live === 'loaded';
    const result = { live: fix ? (wanted ? 'loaded' : 'unloaded') : live };
    if (!fix && changes.length === 0) {
      return ok(wanted ? `is ${live}` : 'is not loaded', { pending, result });
    }
    return changeOf(args, fix, changes, pending, result);
  },
});

function folder(name: string): string {
  return `/sys/module/${name.replaceAll('-', '_')}`;
}

/** What is stored for the next boot: whether the module is loaded, and with which options. */
function storedFiles(name: string) {
  return all({
    load: textFile(`/etc/modules-load.d/${name}.conf`),
    options: textFile(`/etc/modprobe.d/${name}.conf`),
  });
}

/**
 * A module that is built in has a folder only if it has parameters, so the kernel's own list is
 * asked, too.
 */
function liveState(name: string): Look<Live> {
  const file = `/${name.replace(/[-_]/g, '[-_]')}[.]ko`;
  const text = sh`if [ -e ${folder(name)}/initstate ]; then echo loaded
elif [ -d ${folder(name)} ] || grep -qs ${file} "/lib/modules/$(uname -r)/modules.builtin"; then echo builtin
elif [ -r /proc/modules ]; then echo unloaded
else echo 'this kernel loads no modules'; fi`;
  return map(printed('sh', text), printed => {
    const live = printed.trim();
    if (live === 'loaded' || live === 'builtin' || live === 'unloaded') return live;
    throw new CannotTell(`could not tell whether ${name} is loaded: ${live || 'no answer'}`, {
      advice: 'Modules are the business of the host, not of a container on it.',
    });
  });
}

/** What the loaded module's parameters are, as far as they can be read. */
function liveParameters(name: string, keys: readonly string[]): Look<ReadonlyMap<string, string>> | undefined {
  if (keys.length === 0) return undefined;
  const files = keys.map(key => `${folder(name)}/parameters/${key}`);
  return map(printed('grep', sh`grep -sH '' ${files}`, [0, 1, 2]), text => {
    const found = text.matchAll(/^[^:\n]*\/(?<key>[^/:\n]+):(?<value>.*)$/gm);
    return new Map([...found].map(({ groups }) => [groups?.key ?? '', groups?.value ?? '']));
  });
}

function staleParameters(params: string, live: ReadonlyMap<string, string> = new Map()): string[] {
  const wanted = [...(parseParameters(params) ?? [])];
  return wanted.flatMap(([key, value]) => {
    const now = live.get(key);
    return now === undefined || sameParameter(now, value) ? [] : [`${key}=${now.trim()}`];
  });
}

function decideFiles({ name, params, persistent }: Args, { load, options }: Stored): Decision[] {
  const present = persistent === 'present';
  const texts = [
    [load, loadText(load.text, name, present)],
    [options, optionsText(options.text, name, present ? params : '')],
  ] as const;
  // A file that is not there is not made to hold nothing.
  return texts.filter(([{ goal }, text]) => goal.entry || text !== '').map(([file, text]) => edited(file, text));
}

function changeOf(
  { name, params, state }: Args,
  fix: boolean,
  files: readonly Change[],
  pending: readonly Pending[],
  result: Readonly<Record<string, unknown>>,
): Change {
  const words = [...(parseParameters(params) ?? [])].map(([key, value]) => `${key}=${value}`);
  const present = state === 'present';
  const live = fix && {
    diff: [{ subject: `${name} (live)`, before: present ? '' : 'loaded\n', after: present ? 'loaded\n' : '' }],
    apply: script({ live: present ? sh`modprobe ${name} ${words}` : sh`modprobe -r ${name}` }),
    [present ? 'creates' : 'removes']: [{ kind: 'kernel-module', name }],
  };
  const is = fix && (present ? 'is not loaded' : 'is loaded');
  const reason = [is, files.length > 0 && 'stored setting differs'].filter(Boolean).join(', ');
  return change(reason, { ...inSequence(live || undefined, ...files), pending, result });
}

function builtin(name: string): Decision {
  return refuse(
    `${name} is built into the kernel and cannot be unloaded`,
    'Leave it, or keep it from acting by a parameter on the kernel command line.',
  );
}

function loadedOtherwise(name: string, stale: readonly string[]): Decision {
  return refuse(
    `${name} is loaded with ${stale.join(' ')}, and a loaded module keeps its parameters`,
    'Say persistent: present, so that they hold after the next boot; or unload it first (state: absent).',
  );
}
