import type { ArgumentProblem } from '../../callable.ts';
import { refuse } from '../../decision.ts';
import { decideText } from '../../host/lines/decide.ts';
import { patternProblem } from '../../host/lines/pattern.ts';
import { ownedText } from '../../host/lines/text.ts';
import { defineModule } from '../module.ts';
import { editReplace } from './edit-replace.ts';
import { type Args, args, examples, returns } from './schema.ts';

export const replace = defineModule({
  name: 'replace',
  summary: 'Replaces all that matches a pattern in a text file.',
  description:
    "Patterns are JavaScript's, with the flag m: `^` and `$` match at the start and end of " +
    'each line, and `.` matches no newline; in `after` and `before` it does. `(?i)` and ' +
    'its like at the start, `(?P<name>…)`, `\\A` and `\\Z` are understood. A replacement ' +
    'that would match again and become something else with each run is refused. The file ' +
    'may have 1 MiB of UTF-8 text; symbolic links are followed.',
  args,
  returns,
  examples,
  problems,
  look: ownedText,
  decide(args, state) {
    const edited = editReplace(state.file.text, args);
    if (state.file.goal.entry && editReplace(edited.text, args).text !== edited.text) {
      return refuse(
        `in ${args.path} the replacement would match regexp again, and become another text with each run`,
        'Write regexp so that it does not match what replace makes of it, for instance with ^, $ or (?!…).',
      );
    }
    const decision = decideText(state, edited.text, { ...args, create: false, absent: false });
    if (decision.kind !== 'ok') return decision;
    const why = edited.unmatched ? `${edited.unmatched} matches nothing` : 'no match is left to replace';
    return { ...decision, reason: why };
  },
});

function problems(args: Args): ArgumentProblem[] {
  return (['regexp', 'after', 'before'] as const).flatMap(argument => {
    const message = patternProblem(args[argument]);
    return message === undefined ? [] : [{ argument, message }];
  });
}
