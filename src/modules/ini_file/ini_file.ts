import type { ArgumentProblem, Owned } from '../../callable.ts';
import { refuse } from '../../decision.ts';
import { editIni } from '../../host/ini/edit.ts';
import { decideText } from '../../host/lines/decide.ts';
import { ownedText } from '../../host/lines/text.ts';
import { defineModule } from '../module.ts';
import { type Args, args, examples, returns } from './schema.ts';

export const iniFile = defineModule({
  name: 'ini_file',
  summary: 'Owns an option or a section of an INI file.',
  description:
    'An option is a line `name = value` of its section; `#` and `;` start a comment line, ' +
    'and what follows a value on its line belongs to the value. Comments, order, blanks ' +
    'around `=` and everything not owned stay as they are, byte for byte. A new option ' +
    'goes behind its commented-out example if there is one, a new section to the end. An ' +
    'option whose value goes on in the next line is refused. The file may have 1 MiB of ' +
    'UTF-8 text; symbolic links are followed.',
  args,
  returns,
  examples,
  problems,
  owns: owned,
  look: ownedText,
  decide(args, state) {
    const edited = editIni(state.file.text, { ...args, wanted: wantedOf(args) });
    if ('continued' in edited) {
      return refuse(
        `${args.option} in line ${edited.continued} of ${state.file.goal.path} goes on in the next line`,
        'What belongs to it cannot be known: edit it with replace, or own the whole file with template.',
      );
    }
    return decideText(state, edited.text, { ...args, absent: args.state === 'absent' });
  },
});

function problems(args: Args): ArgumentProblem[] {
  const { section, option, value, values, state } = args;
  const valued = value !== undefined || values !== undefined;
  if (section === undefined && option === undefined) return [{ argument: 'option', message: 'give option or section' }];
  if (option === undefined && valued) return [{ argument: 'option', message: 'is needed: a section has no value' }];
  if (value !== undefined && values !== undefined) {
    return [{ argument: 'values', message: 'give value or values, not both' }];
  }
  if (option === undefined || valued) return [];
  if (state === 'present' && !args.allow_no_value) {
    return [{ argument: 'value', message: 'give value or values, or say allow_no_value: true' }];
  }
  if (state === 'absent' && !args.exclusive && !args.allow_no_value) {
    return [{ argument: 'exclusive', message: 'false needs value or values: which lines are to go' }];
  }
  return [];
}

function wantedOf({ value, values }: Args): readonly (string | undefined)[] {
  const all = values ?? [value];
  return [...new Set(all.map(one => (one === undefined ? undefined : String(one))))];
}

function owned(args: Args): Owned[] {
  if (args.option === undefined || args.state === 'absent' || !args.exclusive) return [];
  const attribute = `${args.section === undefined ? '' : `[${args.section}] `}${args.option}`;
  return [{ subject: `file ${args.path}`, attribute, value: wantedOf(args).join('\n') }];
}
