import type { ArgumentProblem } from '../../callable.ts';
import { childOf } from './new-element.ts';
import { parsePath } from './path.ts';
import type { Args } from './schema.ts';

/** What the schema cannot say about the arguments. */
export function problems(args: Args): ArgumentProblem[] {
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
