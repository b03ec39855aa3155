import { change, ok, refuse } from '../../decision.ts';
import { all, each } from '../../shell/look.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { configFile, guardOf, inEffect, install } from './config-file.ts';
import { type ConfigValue, formatValue, setInConfig } from './config-text.ts';
import { rehearse } from './rehearse.ts';
import { type Args, args, examples, returns } from './schema.ts';

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
  look: args => all({ file: configFile(pathOf(args)), effective: each(wanted(args), ([key]) => inEffect(args, key)) }),
  decide(args, { effective, file }) {
    const path = pathOf(args);
    const settings = wanted(args).map(([key, value], at) => ({ key, value, effective: effective[at] }));
    const differ = settings.filter(one => one.effective !== formatValue(one.value));
    const [first] = differ;
    if (!first) return ok('are in effect already', { result: { path } });
    const before = file?.text ?? '';
    let after = before;
    try {
      for (const { key, value } of differ) after = setInConfig(after, key, value);
    } catch (error) {
      return refuse(
        `${path} cannot be edited: ${error instanceof Error ? error.message : error}`,
        'Correct it by hand; lvmconfig --validate names what is wrong.',
      );
    }
    if (after === before) {
      return refuse(
        `${path} says ${first.key} = ${formatValue(first.value)}, but LVM uses ${first.effective ?? 'no value'}`,
        'Another file overrides it: look for lvm_TAG.conf files in the directory.',
      );
    }
    const put = `${path}.hostwright`;
    const uses = differ.map(one => `${one.key}=${one.effective ?? '(none)'}`);
    return change(`LVM uses ${uses.join(', ')}`, {
      diff: [{ subject: path, before, after }],
      puts: [{ to: put, content: after }],
      guard: script({ guard: guardOf(path, file) }),
      rehearse: rehearse(args, after),
      apply: script({ install: install(path, put, file) }),
      [file ? 'alters' : 'creates']: [{ kind: 'path', name: path }],
      result: { path },
    });
  },
});

function pathOf(args: Args): string {
  return `${args.directory}/${args.file}`;
}

function wanted(args: Args): readonly (readonly [string, ConfigValue])[] {
  return Object.entries(args.settings).flatMap(([section, settings]) =>
    Object.entries(settings).map(([key, value]) => [`${section}/${key}`, value] as const),
  );
}
