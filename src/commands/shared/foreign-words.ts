import { foreignModule, foreignModuleOf } from '../../language/foreign-modules.ts';
import { secretsHint } from '../../language/yaml-mistakes.ts';
import { quote } from '../../shell/quote.ts';
import { factHint } from '../../values/jinja/facts.ts';
import { translateJinja } from '../../values/jinja/translate.ts';
import { findCallable } from './catalogue.ts';

/** What the commands of Ansible are here, by their names without "ansible-". */
const commands: Readonly<Record<string, string>> = {
  playbook: 'Write: hostwright play PLAYBOOK',
  adhoc: 'Write: hostwright run PATTERN MODULE',
  console: 'Write: hostwright run PATTERN MODULE',
  galaxy: 'Name the roles and their git repositories in roles.yml. Write: hostwright roles install',
  vault: secretsHint,
  lint: 'Write: hostwright lint PLAYBOOK',
};

/**
 * What to write instead of words that are not a command: a playbook, a command of Ansible, or a
 * pattern of hosts with `-m`. Undefined where none of these is meant.
 */
export function foreignCommand(words: readonly string[]): string | undefined {
  const [first = '', ...rest] = words;
  const name = first.replace(/^ansible-/, '');
  if (Object.hasOwn(commands, name)) return commands[name];
  if (/\.ya?ml$/.test(first)) return `Write: hostwright play ${words.map(quote).join(' ')}`;
  return rest.some(word => /^(-m|-a|--module-name|--args)(=|$)/.test(word)) ? adHocCommand(first, rest) : undefined;
}

/**
 * How a module of Ansible is run here by a command.
 * @param pattern the hosts that were named with it
 */
export function foreignRun(name: string, pattern: string): string | undefined {
  const { note, task, command } = foreignModuleOf(name) ?? {};
  if (command !== undefined) return `Write: hostwright ${command} ${quote(pattern)}`;
  if (task === undefined) return note;
  const [module, args] = task;
  const words = typeof args === 'string' ? [args] : Object.entries(args).map(([key, value]) => `${key}=${value}`);
  const line = `Write: hostwright run ${[pattern, module, ...words].map(quote).join(' ')}`;
  return note === undefined ? line : `${note} ${line}`;
}

/**
 * What `hostwright doc` says of a module, fact or filter that only Ansible has; undefined for any
 * other name.
 */
export function foreignPage(name: string): string | undefined {
  const module = foreignModule(name);
  if (module !== undefined) return `It is a module of Ansible. ${module}`;
  const fact = factHint(name);
  if (fact !== undefined) return `It is a fact of Ansible. ${fact}`;
  const filter = /^[\w.]+$/.test(name) ? translateJinja(`value | ${name}`)?.cel : undefined;
  return filter === undefined || filter === 'value' ? undefined : `It is a filter of Ansible. In CEL: ${filter}`;
}

/** `ansible all -b -m command -a uptime`, as `hostwright run` has it. */
function adHocCommand(pattern: string, words: readonly string[]): string | undefined {
  const given = new Map<string, string>();
  const rest: string[] = [];
  const left = [...words];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const [, option, value] = /^(-m|-a|--module-name|--args)(?:=(.*))?$/s.exec(word) ?? [];
    if (option === undefined) rest.push(word);
    else given.set(option.replace(/^--?(.).*/, '$1'), value ?? left.shift() ?? '');
  }
  const module = given.get('m') ?? 'command';
  if (!findCallable(module)) {
    const own = foreignRun(module, pattern);
    if (own !== undefined) return own;
  }
  const args = given.get('a');
  const all = [pattern, module, ...(args === undefined ? [] : [args]), ...rest];
  return `Write: hostwright run ${all.map(quote).join(' ')}`;
}
