import type { BecomeKeywords } from '../language/model.ts';
import { methods, type Privilege } from '../shell/become.ts';
import type { Scope } from '../values/scope.ts';
import { keywordValue } from './keyword-value.ts';
import { flagOf, settingOf, textOf, wrongValue } from './setting.ts';

/**
 * As whom a task runs: what its keywords say, and stronger than these the variables
 * `ansible_become…` of the host on which it runs.
 * @param variables those of the host on which it is done, where that is another
 * @throws UndefinedName, UnknownValue, ValueError
 */
export function privilegeOf(keywords: BecomeKeywords, scope: Scope, variables = scope): Privilege | undefined {
  const flag = settingOf(variables, ['ansible_become']);
  if (!(flag ? flagOf(variables, flag) : keywordValue('become', keywords.become, scope))) return undefined;
  const method = methodOf(variables) ?? keywords.method ?? 'sudo';
  const user = settingOf(variables, [`ansible_${method}_user`, 'ansible_become_user']);
  const named = keywords.user === undefined ? 'root' : String(scope.evaluate(keywords.user));
  return { method, user: user ? textOf(variables, user) : named };
}

function methodOf(variables: Scope): Privilege['method'] | undefined {
  const setting = settingOf(variables, ['ansible_become_method']);
  if (!setting) return undefined;
  const plain = textOf(variables, setting).replace(/^(ansible\.builtin|community\.general)\./, '');
  const method = methods.find(name => name === plain);
  if (method) return method;
  throw wrongValue(variables, setting, `there is no method "${plain}"`, `It is one of ${methods.join(', ')}.`);
}
