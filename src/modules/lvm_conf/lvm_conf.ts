import { change, type Decision, ok, refuse } from '../../decision.ts';
import { quiet } from '../../host/lvm/report.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { join, sh } from '../../shell/quote.ts';
import { type Script, script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { type ConfigValue, formatValue, setInConfig } from './config-text.ts';
import { type Args, args, examples, returns } from './schema.ts';

interface State {
  /** undefined where the file is not there. */
  readonly text: string | undefined;
  /** `1a2b…`, `0644 0 0`: what the guard compares and the new file gets. */
  readonly hash: string;
  readonly permissions: string;
  /** What LVM uses, as it prints it: by path; undefined for a setting without a value. */
  readonly effective: ReadonlyMap<string, string | undefined>;
}

/** Settings of LVM, each in its own section. */
export const lvmConf = defineModule({
  name: 'lvm_conf',
  summary: 'Settings of LVM, in the sections of lvm.conf.',
  description: `Owns single settings. A setting that LVM uses already with that value is left where
it is (\`lvmconfig --typeconfig full\` tells), others are written to lvmlocal.conf, which LVM reads
after lvm.conf; the rest of the file stays. Outside a section LVM would ignore a setting silently,
so settings are given by section. Takes effect for the next LVM command; \`allocation\` settings
concern new pools and volumes only.`,
  args,
  returns,
  examples,
  owns: args =>
    wanted(args).map(([attribute, value]) => ({ subject: 'LVM configuration', attribute, value: formatValue(value) })),
  probe: args => {
    const path = pathOf(args);
    const lookups = wanted(args).map(([key], at) => [
      `effective${at}`,
      sh`${tool(args.directory)} --typeconfig full ${key}`,
    ]);
    return script({
      file: sh`[ -e ${path} ] || [ -L ${path} ] || exit 3; cat ${path}`,
      hash: sh`[ -e ${path} ] || exit 3; sha256sum <${path}`,
      permissions: sh`[ -e ${path} ] || exit 3; stat -L -c '%a %u %g' ${path}`,
      ...Object.fromEntries(lookups),
    });
  },
  read: (answer, args): State => {
    const there = accept(answer, 'file', [0, 3], 'cat').code === 0;
    const text = (section: string): string =>
      there ? accept(answer, section, [0], 'The look at the file').stdout.trim() : '';
    return {
      text: there ? answer.file!.stdout : undefined,
      hash: text('hash'),
      permissions: text('permissions'),
      effective: new Map(
        wanted(args).map(([key], at) => {
          const found = accept(answer, `effective${at}`, [0, 5], 'lvmconfig');
          if (found.code === 5) throw new CannotTell(`LVM does not know the setting ${key}: ${found.stderr.trim()}`);
          const printed = found.stdout.trim();
          return [key, printed === '' ? undefined : printed.slice(printed.indexOf('=') + 1)];
        }),
      ),
    };
  },
  decide,
});

function decide(args: Args, state: State): Decision<State> {
  const path = pathOf(args);
  const differ = wanted(args).filter(([key, value]) => state.effective.get(key) !== formatValue(value));
  if (differ.length === 0) return ok('are in effect already', { result: { path } });
  const before = state.text ?? '';
  let after = before;
  try {
    for (const [key, value] of differ) after = setInConfig(after, key, value);
  } catch (error) {
    return refuse(
      `${path} cannot be edited: ${error instanceof Error ? error.message : error}`,
      'Correct it by hand; lvmconfig --validate names what is wrong.',
    );
  }
  if (after === before) {
    const [key, value] = differ[0]!;
    return refuse(
      `${path} says ${key} = ${formatValue(value)}, but LVM uses ${state.effective.get(key) ?? 'no value'}`,
      'Another file overrides it: look for lvm_TAG.conf files in the directory.',
    );
  }
  const put = `${path}.hostwright`;
  const [mode, user, group] = (state.permissions || '644 0 0').split(' ');
  const install = sh`chown ${user!}:${group!} ${put} && chmod ${mode!} ${put} && mv -f ${put} "$(readlink -f ${path})"`;
  return change(`LVM uses ${differ.map(([key]) => `${key}=${state.effective.get(key) ?? '(none)'}`).join(', ')}`, {
    diff: [{ subject: path, before, after }],
    puts: [{ to: put, content: after }],
    guard: guardOf(path, state),
    rehearse: rehearse(args, after),
    apply: script({ install }),
    [state.text === undefined ? 'creates' : 'alters']: [{ kind: 'path', name: path }],
    result: { path },
  });
}

function guardOf(path: string, state: State): Script {
  if (state.text === undefined) return script({ guard: sh`[ ! -e ${path} ] || exit 75` });
  return script({ guard: sh`[ "$(sha256sum <${path})" = ${state.hash} ] || exit 75` });
}

/**
 * LVM's own validation on a copy of the directory, under /run: nothing of the configuration is
 * touched.
 */
function rehearse(args: Args, text: string): Script {
  return script({
    validate: join([
      sh`copy=$(mktemp -d /run/hostwright.XXXXXX) || exit 1`,
      sh`trap 'rm -rf "$copy"' EXIT`,
      sh`cp -R ${args.directory}/. "$copy" && printf %s ${text} >"$copy"/${args.file} || exit 1`,
      sh`${quiet} LVM_SYSTEM_DIR="$copy" lvmconfig --validate`,
    ]),
  });
}

function tool(directory: string) {
  return sh`${quiet} LVM_SYSTEM_DIR=${directory} lvmconfig`;
}

function pathOf(args: Args): string {
  return `${args.directory}/${args.file}`;
}

function wanted(args: Args): readonly (readonly [string, ConfigValue])[] {
  return Object.entries(args.settings).flatMap(([section, settings]) =>
    Object.entries(settings).map(([key, value]) => [`${section}/${key}`, value] as const),
  );
}
