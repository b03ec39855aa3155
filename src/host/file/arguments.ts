/**
 * Path arguments are absolute: relative to what would depend on the connection, and a leading dash
 * could be read as an option.
 */
export const pathPattern = '^/[^\\u0000]*$';

/**
 * A path of the host that a user names: absolute, or in a home, which the engine replaces by its
 * path (`x-home`) before the module sees it.
 */
export const hostPath = {
  type: 'string',
  pattern: '^(/|~([A-Za-z_][A-Za-z0-9_.-]*\\$?)?(/|$))[^\\u0000]*$',
  'x-home': 'path',
  'x-form': 'an absolute path, or one in a home (~/file)',
} as const;

const hostPathForm = new RegExp(hostPath.pattern);

/** Whether a text is a path of the host, for arguments that take other texts, too. */
export function isHostPath(text: string): boolean {
  return hostPathForm.test(text);
}

/**
 * Arguments that every module which writes a whole file has, in addition to owner, group and mode.
 */
export const writeSchemas = {
  backup: {
    type: 'boolean',
    default: false,
    description: 'Keeps what was there next to it, as NAME.YYYY-MM-DD@HH:MM:SS~.',
  },
  validate: {
    type: 'string',
    pattern: '%s',
    description:
      'A command that checks the candidate before it takes its place; %s stands for its path. No shell is involved.',
  },
} as const;
