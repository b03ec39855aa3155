import { type ShellText, sh } from '../../shell/quote.ts';
import { splitWords } from '../../words.ts';

/**
 * The command of a `validate` argument with its `%s` replaced by a path, which may be shell text.
 */
export function fillCommand(line: string, path: string | ShellText): ShellText {
  const words = (splitWords(line) ?? []).map(word => {
    const [first = '', ...rest] = word.split('%s');
    return rest.reduce(
      (text, part) => (part === '' ? sh`${text}${path}` : sh`${text}${path}${part}`),
      first === '' ? sh`` : sh`${first}`,
    );
  });
  return sh`${words}`;
}
