import { stringify } from 'yaml';
import { exitCodes, HostwrightError } from '../../errors.ts';
import { keyValues } from '../../language/key-value.ts';
import type { Playbook } from '../../language/model.ts';
import { parsePlaybook } from '../../language/parse/parse-playbook.ts';
import { exprTag, parseYaml } from '../../language/yaml.ts';
import { convertText } from '../../plan/arguments/convert-text.ts';
import { vocabulary } from './catalogue.ts';
import { readExtraVars } from './extra-vars.ts';

/**
 * A play that was given on the command line, as if a file had held it: the same checks, messages
 * and safety.
 */
export function playbookOf(play: object): Playbook {
  const text = stringify([play], { customTags: [exprTag] });
  return parsePlaybook('./<command line>', () => parseYaml(text, '<command line>'), vocabulary);
}

/**
 * Arguments from words: `k=v` converted by the schema, a JSON map or `@FILE`; for a module with a
 * free form all words are its text, unless the first is one of its arguments.
 * @throws HostwrightError `arguments`
 */
export function readArguments(
  words: readonly string[],
  schema: { readonly properties: Readonly<Record<string, object>> },
  freeForm: string | undefined,
): Readonly<Record<string, unknown>> {
  const [first] = words;
  if (first === undefined) return {};
  const known = (word: string) => /^([A-Za-z_]\w*)=/.exec(word)?.[1];
  if (freeForm !== undefined && !((known(first) ?? ' ') in schema.properties) && !/^[{@]/.test(first)) {
    return { [freeForm]: words.join(' ') };
  }
  const args: Record<string, unknown> = {};
  for (const word of words.flatMap(item => separate(item, schema))) {
    if (/^[{@]/.test(word)) {
      Object.assign(args, readExtraVars([word]).values);
      continue;
    }
    const name = known(word);
    if (name === undefined) {
      throw new HostwrightError('arguments', `"${word}" is not an argument: give name=value, a JSON map, or @FILE.`, {
        exitCode: exitCodes.usage,
      });
    }
    args[name] = convertText(schema.properties[name], word.slice(name.length + 1));
  }
  return args;
}

/** `'name=a state=b'` in one word, as Ansible's -a has it, where each pair is an argument. */
function separate(word: string, { properties }: { readonly properties: object }): readonly string[] {
  const pairs = keyValues(word).filter(([key]) => Object.hasOwn(properties, key));
  const whole = pairs.map(([key, value]) => `${key}=${value}`).join(' ');
  if (pairs.length < 2 || whole !== word.trim().replace(/\s+/g, ' ')) return [word];
  return pairs.map(([key, value]) => `${key}=${value.replace(/^(["'])([\s\S]*)\1$/, '$2')}`);
}
