import type { Problems } from '../../language/problems.ts';
import { inside } from '../../language/source.ts';
import { ValueError } from '../../values/errors.ts';
import { formScope } from '../../values/form-scope.ts';
import type { Layer } from '../../values/scope.ts';
import { attempt } from '../attempt.ts';

/**
 * Tells of variables whose templates and expressions cannot be read, also where no task uses them.
 * @param looked layers that were looked at; these join them
 */
export function checkForms(layers: readonly Layer[], looked: Set<object>, problems: Problems): void {
  for (const { values, part, literal, origin } of layers) {
    if (!part || literal || looked.has(values)) continue;
    looked.add(values);
    for (const [name, value] of Object.entries(values)) {
      const place = inside(part, name);
      attempt(problems, place, () => {
        try {
          formScope.evaluate(value, place);
        } catch (error) {
          if (error instanceof ValueError) error.nameVariable(name, origin);
          throw error;
        }
      });
    }
  }
}
