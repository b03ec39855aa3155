import { literal, maskQuoted } from './shell-quoting.ts';
import { hole } from './shell-texts.ts';

/** A part of a shell text that is replaced by another. */
export type ShellEdit = { from: number; to: number; by: string; kind: string };

type Rule = { kind: string; pattern: RegExp; by: (found: string) => string };

const comparisons: Record<string, string> = {
  '-eq': '-ne',
  '-ne': '-eq',
  '-lt': '-le',
  '-le': '-lt',
  '-gt': '-ge',
  '-ge': '-gt',
  '-n': '-z',
  '-z': '-n',
  '=': '!=',
  '!=': '=',
};

// Without it, "command" and "read" do nearly the same.
const option = /(?<!\b(?:command|read))(?<=[\w\uFFFC\uFFFD}]) --?[A-Za-z][\w-]*(?:=\S+)?(?=[\s;)]|$)/gm;

// Each looks for one thing among the words and operators of the shell; the match is what is
// replaced.
const rules: Rule[] = [
  { kind: 'sh: && becomes ;', pattern: / && /g, by: () => '; ' },
  { kind: 'sh: || becomes &&', pattern: /\|\|/g, by: () => '&&' },
  { kind: 'sh: exit code', pattern: /(?<=\b(?:exit|return) )[1-9]\d*\b/g, by: () => '0' },
  { kind: 'sh: no !', pattern: /(?<=^|[\s([])! /gm, by: () => '' },
  {
    kind: 'sh: comparison',
    pattern: /(?<= )(?:-eq|-ne|-lt|-le|-gt|-ge|=|!=)(?= )/g,
    by: word => comparisons[word] ?? word,
  },
  { kind: 'sh: comparison', pattern: /(?<=\[ (?:! )?)-[nz](?= )/g, by: word => comparisons[word] ?? word },
  { kind: 'sh: no option', pattern: option, by: () => '' },
];

/** The mutations of a shell text in which {@link hole} takes the place of a value. */
export function shellMutations(text: string): ShellEdit[] {
  const masked = maskQuoted(text);
  return [...withoutLines(text, masked), ...rules.flatMap(rule => byRule(masked, rule))].toSorted(
    (a, b) => a.from - b.from,
  );
}

function byRule(masked: string, { kind, pattern, by }: Rule): ShellEdit[] {
  const found = [...masked.matchAll(pattern)].map(match => ({ at: match.index, word: match[0] }));
  const wanted = kind === 'sh: no option' ? found.filter(({ at }) => !inTest(masked, at)) : found;
  return wanted.map(({ at, word }) => ({ from: at, to: at + word.length, by: by(word), kind }));
}

/** Whether a position is between [ and ], where -f is not an option. */
function inTest(masked: string, at: number): boolean {
  const line = masked.slice(masked.lastIndexOf('\n', at - 1) + 1, at);
  return line.lastIndexOf('[ ') > line.lastIndexOf(' ]');
}

/**
 * Each line that is whole without the others goes. Where others stay it becomes a command that does
 * nothing, since no branch may be empty.
 */
function withoutLines(text: string, masked: string): ShellEdit[] {
  let from = 0;
  const lines = masked.split('\n').map(line => {
    const start = from;
    from += line.length + 1;
    return { start, end: start + line.length, line };
  });
  return lines
    .filter(({ end, line, start }) => standsAlone(line) && !insideQuotes(text, masked, start, end))
    .map(({ end, start }) => ({ from: start, to: end, by: lines.length > 1 ? ':' : '', kind: 'sh: no line' }));
}

const opening = /\b(?:if|case|for|while|until)\b|[{(]/g;
const closing = /\b(?:fi|esac|done)\b|[})]/g;
const partOfAnother = /^\s*(?:then|else|elif|do)\b|[|\\]\s*$|^\s*[|&]|\b(?:then|else|do)\s*$|&&\s*$|;;/;

const message = /^\s*(?:echo|printf) .*>&2$/;

function standsAlone(line: string): boolean {
  const bare = line.replaceAll(hole, '').replaceAll(literal, '').trim();
  if (bare === '' || message.test(line) || partOfAnother.test(line)) return false;
  // ${name} and a pattern of case have brackets of their own.
  const words = line.replace(/\$\{[^}]*\}/g, '');
  return (words.match(opening)?.length ?? 0) === (words.match(closing)?.length ?? 0);
}

/** Whether a newline at either end belongs to a quoted text. */
function insideQuotes(text: string, masked: string, start: number, end: number): boolean {
  return [start - 1, end].some(at => text[at] === '\n' && masked[at] !== '\n');
}
