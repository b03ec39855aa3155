import { changeFunctions } from './change.ts';
import { leftFunctions } from './left.ts';
import { lookFunctions } from './look.ts';
import { privateFunctions } from './private.ts';
import { writeFunctions } from './write.ts';

const functions: Readonly<Record<string, string>> = {
  ...lookFunctions,
  ...privateFunctions,
  ...writeFunctions,
  ...changeFunctions,
  ...leftFunctions,
};

/**
 * The definitions of the functions that these texts call, and of those that they call in turn.
 *
 * A frame defines them, so that a script says `hw_open /etc motd …` and not a screen of shell text
 * each time. They run in dash, bash and busybox, use builtins wherever one will do (a process costs
 * a host as much as ten forks), and end their section with words on stderr where they cannot go on.
 *
 * Those that write assume that another user may own the directory and act at any moment: between
 * two commands, a name there may become a link to any file of the host.
 */
export function definitions(texts: readonly string[]): string {
  const found = new Set<string>();
  const look = (text: string): void => {
    for (const [name] of text.matchAll(/\bhw_[a-z]+\b/g)) {
      const body = functions[name];
      if (body === undefined || found.has(name)) continue;
      found.add(name);
      look(body);
    }
  };
  for (const text of texts) look(text);
  return [...found].map(name => `${functions[name]}\n`).join('');
}
