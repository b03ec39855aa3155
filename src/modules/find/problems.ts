import type { ArgumentProblem } from '../../callable.ts';
import { isHostPath } from '../../host/file/arguments.ts';
import { patternProblem } from '../../host/lines/pattern.ts';
import { itemsOf } from './arguments.ts';
import type { Args } from './schema.ts';

/** What the schema cannot say about the arguments. */
export function problems(args: Args): ArgumentProblem[] {
  const paths = itemsOf(args.paths);
  if (paths.length === 0) return [{ argument: 'paths', message: 'names no path' }];
  const relative = paths.find(path => !isHostPath(path));
  if (relative !== undefined) return [{ argument: 'paths', message: `${relative} is not an absolute path` }];
  if (args.depth !== undefined && !args.recurse) {
    return [{ argument: 'depth', message: 'has no meaning without recurse: true' }];
  }
  if (/\\d|\(\?/.test(args.contains ?? '')) {
    return [{ argument: 'contains', message: 'is for grep -E, which knows no \\d and no (?…): write [0-9]' }];
  }
  return (['patterns', 'excludes'] as const).flatMap(argument => {
    const items = itemsOf(args[argument]);
    const message = args.use_regex
      ? items.map(patternProblem).find(problem => problem !== undefined)
      : items.some(item => item.includes('/')) && 'is compared with names, not with paths: there is no / in them';
    return message ? [{ argument, message }] : [];
  });
}
