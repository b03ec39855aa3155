import type { ArgumentProblem } from '../../callable.ts';
import { type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import { decideText } from '../../host/lines/decide.ts';
import { type OwnedText, ownedText, type TextGoal } from '../../host/lines/text.ts';
import { CannotTell } from '../../shell/answer.ts';
import { map } from '../../shell/look.ts';
import { defineModule } from '../module.ts';
import { editXml, findNodes } from './edit.ts';
import { childOf } from './new-element.ts';
import { parsePath } from './path.ts';
import { type Args, args, examples, returns } from './schema.ts';
import { parseTree } from './tree.ts';

export const xml = defineModule({
  name: 'xml',
  summary: 'Owns elements, attributes and texts of an XML file.',
  description:
    'Only what changes is written: quotes, comments, blanks and order of all else stay, ' +
    'byte for byte; new elements are indented like their siblings. `xpath` knows `/`, ' +
    '`//`, `*`, `@`, `text()`, `.`, `..`, and predicates of positions, `last()`, paths, ' +
    '`=`, `!=`, `and`, `or`, `not()`, `contains()` and `starts-with()`. What a plain path ' +
    'names and the file does not have is made, with the attributes and texts that its ' +
    'predicates ask for. A child that is there already is not added again. The file may ' +
    'have 1 MiB of UTF-8 text; symbolic links are followed.',
  args,
  returns,
  examples,
  problems,
  look: args => map(ownedText(args), wellFormed),
  decide(args, state): Decision {
    const { goal, text } = state.file;
    const whole = { ...args, create: false, absent: false };
    if (goal.entry?.kind !== 'file') return decideText(state, '', whole);
    if (args.count || args.content !== undefined) return looked(args, state.file);
    const edited = editXml(text, args);
    if ('problem' in edited) return refusedIn(goal.path, edited.problem);
    const again = editXml(edited.text, args);
    if ('problem' in again || again.text !== edited.text) {
      return refusedIn(goal.path, 'xpath would lead elsewhere after the change, so that no run would be the last');
    }
    return decideText(state, edited.text, whole);
  },
});

/** @throws CannotTell where a file is there that no XML reader would take */
function wellFormed(state: OwnedText): OwnedText {
  const { goal, text } = state.file;
  if (goal.entry?.kind !== 'file') return state;
  try {
    parseTree(text);
  } catch (error) {
    throw new CannotTell(`${goal.path} is not well-formed XML: ${(error as Error).message}`, {
      advice: 'Correct it by hand, or write the whole file with copy or template.',
    });
  }
  return state;
}

function looked(args: Args, { goal, text }: TextGoal): Decision {
  const nodes = findNodes(text, args);
  const matches = nodes.map(({ element, attribute }) => {
    const attributes = attribute ? [attribute] : element.attributes;
    const all = Object.fromEntries(attributes.map(({ name, value }) => [name, value]));
    return { [element.name]: args.content === 'attribute' ? all : element.text };
  });
  const result = { dest: goal.path, count: nodes.length, ...(args.content !== undefined && { matches }) };
  return ok(`looked: ${nodes.length} match`, { result });
}

function refusedIn(path: string, problem: string): Refuse {
  return refuse(
    `in ${path}, ${problem}`,
    'Look at the file, and let xpath name exactly what is meant; count: true says how many nodes it leads to.',
  );
}

function problems(args: Args): ArgumentProblem[] {
  const { value, add_children, set_children, count, content, state, attribute } = args;
  const given = { value, add_children, set_children, count: count || undefined, content };
  const chosen = Object.entries(given).filter(([, each]) => each !== undefined);
  const [first, second] = chosen.map(([name]) => name);
  if (second !== undefined) return [{ argument: second, message: `and ${first} exclude each other` }];
  if (state === 'absent' && first !== undefined) {
    return [{ argument: first, message: 'has no meaning with state: absent' }];
  }
  if (state === 'present' && attribute !== undefined && value === undefined) {
    return [{ argument: 'attribute', message: 'needs value, or state: absent' }];
  }
  return [
    ...attempt('xpath', () => parsePath(args.xpath, args.namespaces)),
    ...attempt('add_children', () => add_children?.map(childOf)),
    ...attempt('set_children', () => set_children?.map(childOf)),
  ];
}

function attempt(argument: string, read: () => unknown): ArgumentProblem[] {
  try {
    read();
    return [];
  } catch (error) {
    return [{ argument, message: (error as Error).message }];
  }
}
