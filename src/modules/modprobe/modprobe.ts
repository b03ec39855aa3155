import { type Change, change, type Decision, inSequence, ok, refuse } from '../../decision.ts';
import type { Pending } from '../../events/result.ts';
import { contentOfText } from '../../host/file/content.ts';
import { probeGoal } from '../../host/file/goal.ts';
import { decideReplace } from '../../host/file/replace.ts';
import { largestText, readText, type TextGoal } from '../../host/lines/text.ts';
import { loadText, optionsText } from '../../host/modprobe/files.ts';
import { parseParameters, sameParameter } from '../../host/modprobe/parameters.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import { type Answer, script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { type Args, args, examples, returns } from './schema.ts';
import { prefixed, unprefixed } from './several.ts';

type Live = 'loaded' | 'builtin' | 'unloaded';

interface State {
  readonly live: Live;
  /** What the loaded module's parameters are, as far as they can be read. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly load?: TextGoal;
  readonly options?: TextGoal;
}

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
  probe(args) {
    const keys = [...(parseParameters(args.params)?.keys() ?? [])];
    const files = keys.map(key => `${folder(args.name)}/parameters/${key}`);
    return script({
      live: lookLive(args.name),
      ...(files.length > 0 && { parameters: sh`grep -sH '' ${files}` }),
      ...(args.persistent !== 'disabled' && {
        ...prefixed('load', probeGoal(`/etc/modules-load.d/${args.name}.conf`, { most: largestText })),
        ...prefixed('options', probeGoal(`/etc/modprobe.d/${args.name}.conf`, { most: largestText })),
      }),
    });
  },
  read(answer, args): State {
    const live = accept(answer, 'live', [0], 'sh').stdout.trim();
    if (live !== 'loaded' && live !== 'builtin' && live !== 'unloaded') {
      throw new CannotTell(`could not tell whether ${args.name} is loaded: ${live || 'no answer'}`, {
        advice: 'Modules are the business of the host, not of a container on it.',
      });
    }
    const parameters = readParameters(answer, args.params !== '');
    if (args.persistent === 'disabled') return { live, parameters };
    return {
      live,
      parameters,
      load: readText(unprefixed('load', answer)),
      options: readText(unprefixed('options', answer)),
    };
  },
  decide(args, state) {
    const wanted = args.state === 'present';
    if (state.live === 'builtin' && !wanted) return builtin(args.name);
    const stale = wanted && state.live !== 'unloaded' ? staleParameters(args.params, state.parameters) : [];
    if (stale.length > 0 && args.persistent !== 'present') return loadedOtherwise(args.name, stale);

    const pending: Pending[] =
      stale.length === 0
        ? []
        : [{ kind: 'reboot', reason: `${args.name} is loaded with ${stale.join(' ')}, not ${args.params}` }];
    const files = decideFiles(args, state);
    const refused = files.find(one => one.kind === 'refuse');
    if (refused) return refused;
    const changes = files.filter(one => one.kind === 'change');
    const fix = wanted ? state.live === 'unloaded' : state.live === 'loaded';
    const result = { live: fix ? (wanted ? 'loaded' : 'unloaded') : state.live };
    if (!fix && changes.length === 0) {
      return ok(wanted ? `is ${state.live}` : 'is not loaded', { pending, result });
    }
    return changeOf(args, fix, changes, pending, result);
  },
});

function folder(name: string): string {
  return `/sys/module/${name.replaceAll('-', '_')}`;
}

/**
 * A module that is built in has a folder only if it has parameters, so the kernel's own list is
 * asked, too.
 */
function lookLive(name: string): ShellText {
  const file = `/${name.replace(/[-_]/g, '[-_]')}[.]ko`;
  return sh`if [ -e ${folder(name)}/initstate ]; then echo loaded
elif [ -d ${folder(name)} ] || grep -qs ${file} "/lib/modules/$(uname -r)/modules.builtin"; then echo builtin
elif [ -r /proc/modules ]; then echo unloaded
else echo 'this kernel loads no modules'; fi`;
}

function readParameters(answer: Answer, asked: boolean): ReadonlyMap<string, string> {
  if (!asked) return new Map();
  const lines = accept(answer, 'parameters', [0, 1, 2], 'grep').stdout.split('\n');
  return new Map(
    lines.flatMap(line => {
      const match = /^[^:]*\/([^/:]+):(.*)$/.exec(line);
      return match ? [[match[1]!, match[2]!] as const] : [];
    }),
  );
}

function staleParameters(params: string, live: ReadonlyMap<string, string>): string[] {
  const wanted = [...(parseParameters(params) ?? [])];
  return wanted.flatMap(([key, value]) => {
    const now = live.get(key);
    return now === undefined || sameParameter(now, value) ? [] : [`${key}=${now.trim()}`];
  });
}

function decideFiles({ name, params, persistent }: Args, { load, options }: State): Decision[] {
  if (!load || !options) return [];
  const present = persistent === 'present';
  const texts = [
    [load, loadText(load.text, name, present)],
    [options, optionsText(options.text, name, present ? params : '')],
  ] as const;
  // A file that is not there is not made to hold nothing.
  const owned = texts.filter(([{ goal }, text]) => goal.entry || text !== '');
  return owned.map(([{ goal }, text]) => decideReplace(goal, contentOfText(text), {}, {}));
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
