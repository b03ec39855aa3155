import type { ArgumentProblem } from '../../callable.ts';
import { type Refuse, refuse } from '../../decision.ts';
import { decideText } from '../../host/lines/decide.ts';
import { patternProblem } from '../../host/lines/pattern.ts';
import { ownedText } from '../../host/lines/text.ts';
import { defineModule } from '../module.ts';
import { editLine, matchesAgain } from './edit-line.ts';
import { type Args, args, examples, returns } from './schema.ts';

export const lineinfile = defineModule({
  name: 'lineinfile',
  summary: 'Owns one line of a text file.',
  description:
    "Patterns are JavaScript's and are searched in each line. The last line that matches " +
    '`regexp` becomes `line`; if none does, `line` is added once. All other lines stay as ' +
    'they are, byte for byte. The file may have 1 MiB of UTF-8 text; symbolic links are ' +
    'followed.',
  args,
  returns,
  examples,
  problems,
  look: ownedText,
  decide(args, state) {
    if (matchesAgain(state.file.text, args)) return refuseAgain(args.path);
    return decideText(state, editLine(state.file.text, args), { ...args, absent: args.state === 'absent' });
  },
});

function refuseAgain(path: string): Refuse {
  return refuse(
    `in ${path} the new line would match regexp again, and become another line with each run`,
    'Write regexp so that it does not match what line makes of it, for instance with (?!…).',
  );
}

function problems(args: Args): ArgumentProblem[] {
  const { state, line, regexp, search_string } = args;
  const invalid = (['regexp', 'insertafter', 'insertbefore'] as const).flatMap(argument => {
    const message = patternProblem(args[argument]);
    return message === undefined ? [] : [{ argument, message }];
  });
  if (invalid.length > 0) return invalid;
  if (state === 'present' && line === undefined)
    return [{ argument: 'line', message: 'is needed: the line that is to be there' }];
  if (state === 'absent' && line === undefined && regexp === undefined && search_string === undefined) {
    return [{ argument: 'regexp', message: 'give line, regexp or search_string: what is to be absent' }];
  }
  if (regexp !== undefined && search_string !== undefined) {
    return [{ argument: 'search_string', message: 'give regexp or search_string, not both' }];
  }
  if (args.insertafter !== undefined && args.insertbefore !== undefined) {
    return [{ argument: 'insertbefore', message: 'give insertafter or insertbefore, not both' }];
  }
  if (args.backrefs && regexp === undefined) return [{ argument: 'backrefs', message: 'needs regexp' }];
  return [];
}
