const random = 'Nothing here is random, for a second run must change nothing: give the value as a variable.';
const time = 'Ask for it: command: {cmd: "date +%F", reads: true}, with delegate_to and register.';
const path = 'Ask with the module "stat", delegate_to: localhost and register: r.stat.exists, r.stat.isdir.';

/**
 * What to do instead of what nothing here is like: filters, tests, functions and lookups of
 * Ansible.
 */
const insteads: Readonly<Record<string, string>> = {
  random,
  shuffle: random,
  'lookup password': random,
  abs: 'Write in an expression: x < 0 ? -x : x',
  format: 'Write a sum in an expression: string(a) + "-" + string(b)',
  now: time,
  strftime: time,
  to_datetime: time,
  password_hash: 'Give the hash as a variable: "mkpasswd -m sha-512" prints it.',
  'is exists': path,
  'is file': path,
  'is directory': path,
  'is link': path,
  'lookup pipe': 'Ask with a command: {cmd: …, reads: true}, with delegate_to: localhost and register.',
  'lookup template': 'Write the file with the module "template".',
};

/**
 * What to do about a filter or function, a test (`is exists`) or a lookup (`pipe`) that nothing
 * here is like.
 */
export function insteadOf(name: string): string {
  const own = name.replace(/^ansible\.builtin\./, '');
  const instead = Object.hasOwn(insteads, own) ? insteads[own] : undefined;
  return instead ?? `Nothing here does what "${name}" does; see "hostwright doc functions".`;
}

/** The names that {@link insteadOf} has advice for. */
export const withInstead: readonly string[] = Object.keys(insteads);
