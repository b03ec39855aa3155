import type { ArgumentProblem } from '../../callable.ts';
import { refuse } from '../../decision.ts';
import { decideText } from '../../host/lines/decide.ts';
import { patternProblem } from '../../host/lines/pattern.ts';
import { bare, ownedText, splitLines } from '../../host/lines/text.ts';
import { defineModule } from '../module.ts';
import { editBlock } from './edit-block.ts';
import { type Args, args, examples, returns } from './schema.ts';

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
  look: ownedText,
  decide(args, state) {
    const edited = editBlock(state.file.text, args);
    if (edited === undefined) {
      return refuse(
        `${args.path} has a marker of this block without its counterpart, or twice`,
        `Look for "${args.marker}" in the file and fix it by hand: where the block ends cannot be known.`,
      );
    }
    return decideText(state, edited, { ...args, absent: args.state === 'absent' || args.block === '' });
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
