import type { ArgsOfAll } from '../../callable.ts';
import { hostPath } from '../file/arguments.ts';

/**
 * Arguments that `command`, `shell` and `script` share: they say when there is nothing to run, and
 * where and how it runs.
 */
export const runSchemas = {
  chdir: { ...hostPath, description: 'The directory to run in.' },
  creates: {
    type: 'string',
    minLength: 1,
    'x-home': 'path',
    description: 'A path or pattern; where it exists, nothing is run. Relative to chdir.',
  },
  removes: {
    type: 'string',
    minLength: 1,
    'x-home': 'path',
    description: 'A path or pattern; where it does not exist, nothing is run. Relative to chdir.',
  },
  only_if: {
    type: 'string',
    minLength: 1,
    description: 'A shell command that only reads; it runs in check mode too. Any exit code but 0: nothing is run.',
  },
  unless: {
    type: 'string',
    minLength: 1,
    description: 'A shell command that only reads; it runs in check mode too. Exit code 0: nothing is run.',
  },
  reads: {
    type: 'boolean',
    default: false,
    description: 'The command only reads: it runs in check mode too, and the task is never changed.',
  },
} as const;

export const stdinSchemas = {
  stdin: {
    type: 'string',
    description: 'Text for the standard input. The place for a secret: it is in no argument list.',
  },
  stdin_add_newline: { type: 'boolean', default: true, description: 'Adds a newline to the end of stdin.' },
} as const;

/** What command, shell and script share. */
export type RunArguments = Partial<ArgsOfAll<typeof runSchemas & typeof stdinSchemas>>;

/** The result of a command that was run. */
export const runReturns = {
  type: 'object',
  properties: {
    cmd: { type: 'string', description: 'What was run.' },
    rc: { type: 'integer', description: 'The exit code; any but 0 fails the task, unless failed_when says otherwise.' },
    stdout: { type: 'string', description: 'Standard output without newlines at its end.' },
    stderr: { type: 'string', description: 'Standard error without newlines at its end.' },
    stdout_lines: { type: 'array', items: { type: 'string' }, description: 'stdout by lines.' },
    stderr_lines: { type: 'array', items: { type: 'string' }, description: 'stderr by lines.' },
  },
} as const;
