/** Path arguments are absolute: relative to what would depend on the connection, and a leading dash could be read as an option. */
export const pathPattern = '^/[^\\u0000]*$';

/** Arguments that every module which writes a whole file has, beside owner, group and mode. */
export const writeSchemas = {
  backup: {
    type: 'boolean',
    default: false,
    description: 'Keeps what was there beside it, as NAME.YYYY-MM-DD@HH:MM:SS~.',
  },
  validate: {
    type: 'string',
    pattern: '%s',
    description:
      'A command that checks the candidate before it takes its place; %s stands for its path. No shell is involved.',
  },
} as const;
