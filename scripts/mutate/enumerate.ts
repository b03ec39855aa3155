import { codeMutations } from './code-mutations.ts';
import { describeEdit, type Edit, type Mutation } from './mutation.ts';
import { shellMutations } from './shell-mutations.ts';
import { charactersOf, shellTextsIn, textOf } from './shell-texts.ts';
import { type Node, parseSource } from './syntax.ts';

/** All mutations of a source file, in order. */
export function mutationsOf(file: string, text: string): Mutation[] {
  const program = parseSource(file, text);
  const edits = [...codeMutations(text, program), ...shellTextsIn(program).flatMap(node => shellEdits(text, node))];
  const known = new Set<string>();
  return edits
    .toSorted((a, b) => a.start - b.start || a.end - b.end)
    .map(edit => describeEdit(file, text, edit))
    .filter(({ start, end, to }) => isNew(`${start} ${end} ${to}`, known));
}

function isNew(key: string, known: Set<string>): boolean {
  const isIt = !known.has(key);
  known.add(key);
  return isIt;
}

function shellEdits(source: string, node: Node): Edit[] {
  const characters = charactersOf(source, node);
  return shellMutations(textOf(characters)).flatMap(({ by, from, kind, to }) => {
    const [first, last] = [characters[from], characters[to - 1]];
    return first && last ? [{ start: first.start, end: last.end, to: by, kind }] : [];
  });
}
