import { inside, isMap, type Part } from '../language/source.ts';
import { doAll, ValueError } from './errors.ts';

/**
 * Evaluates the values at any depth of lists and maps. An error has the place of its value.
 * @param evaluate gives a value that is neither a list nor a map
 * @throws ValueError with all that is wrong; UnknownValue where nothing is, but something is not
 * known yet
 */
export function evaluateEach(value: unknown, evaluate: (scalar: unknown) => unknown, part?: Part): unknown {
  const inner = (item: unknown, step: string | number) => evaluateEach(item, evaluate, part && inside(part, step));
  if (Array.isArray(value)) return doAll(value.map((item, at) => () => inner(item, at)));
  if (isMap(value)) {
    const entries = Object.entries(value);
    return Object.fromEntries(
      doAll(
        entries.map(
          ([key, item]) =>
            () =>
              [key, inner(item, key)] as const,
        ),
      ),
    );
  }
  try {
    return evaluate(value);
  } catch (error) {
    if (error instanceof ValueError) for (const one of [error, ...error.also]) one.place ??= part;
    throw error;
  }
}
