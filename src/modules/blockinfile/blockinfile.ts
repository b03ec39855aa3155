import type { ArgumentProblem } from '../../callable.ts';
import { type Refuse, refuse } from '../../decision.ts';
import { lookUpIds, readIds } from '../../host/file/attributes.ts';
import { probeGoal } from '../../host/file/goal.ts';
import type { Ids } from '../../host/file/ids.ts';
import { decideText } from '../../host/lines/decide.ts';
import { patternProblem } from '../../host/lines/pattern.ts';
import { bare, largestText, readText, splitLines, type TextGoal } from '../../host/lines/text.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { editBlock } from './edit-block.ts';
import { type Args, args, examples, returns } from './schema.ts';

interface State extends TextGoal {
  readonly ids: Ids | Refuse;
}

export const blockinfile = defineModule({
  name: 'blockinfile',
  summary: 'Owns a block of lines of a text file, between two marker lines.',
  description:
    'All outside the markers stays as it is, byte for byte. Two blocks in one file need ' +
    'two markers. The file may have 1 MiB of UTF-8 text; symbolic links are followed.',
  args,
  returns,
  examples,
  problems,
  probe: args => script({ ...probeGoal(args.path, { follow: true, most: largestText }), ...lookUpIds(args) }),
  read: (answer, args): State => ({ ...readText(answer), ids: readIds(answer, args) }),
  decide(args, state) {
    const edited = editBlock(state.text, args);
    if (edited === undefined) {
      return refuse(
        `${args.path} has a marker of this block without its counterpart, or twice`,
        `Look for "${args.marker}" in the file and fix it by hand: where the block ends cannot be known.`,
      );
    }
    return decideText(state, edited, { ...args, absent: args.state === 'absent' || args.block === '' }, state.ids);
  },
});

function problems(args: Args): ArgumentProblem[] {
  const marks = [args.marker_begin, args.marker_end].map(word => args.marker.replaceAll('{mark}', word));
  if (marks[0] === marks[1]) return [{ argument: 'marker_end', message: 'is the same as marker_begin' }];
  if (splitLines(args.block).some(line => marks.includes(bare(line)))) {
    return [{ argument: 'block', message: 'contains one of its own marker lines' }];
  }
  if (args.insertafter !== undefined && args.insertbefore !== undefined) {
    return [{ argument: 'insertbefore', message: 'give insertafter or insertbefore, not both' }];
  }
  return (['insertafter', 'insertbefore'] as const).flatMap(argument => {
    const message = patternProblem(args[argument]);
    return message === undefined ? [] : [{ argument, message }];
  });
}
