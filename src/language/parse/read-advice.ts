import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { collectProblems } from '../problems.ts';
import { expressionText } from '../source.ts';
import { readYaml } from '../yaml.ts';

/**
 * What a role says of itself to `hostwright advise` (`advice.yml`): where it helps, with which
 * parameters, and why.
 */
export interface RoleAdvice {
  readonly role: string;
  /** CEL that says for a host whether the role is tried; absent: always. */
  readonly when?: string;
  /**
   * The parameters; values and texts may have expressions in them, over `facts` and over what
   * `libvirt_guests` says: `advice.guests`.
   */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly why: string;
  /** Who found it. */
  readonly source: string;
}

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['why', 'source'],
  properties: {
    when: { description: 'CEL that says for a host whether the role is tried.' },
    parameters: { type: 'object', description: 'Parameters of the role.' },
    why: { type: 'string', minLength: 1, description: 'What it brings, in a sentence or two.' },
    source: { type: 'string', minLength: 1, description: 'Who found it, and under which conditions.' },
  },
} as const;

/**
 * Reads the advice of a role; undefined where it gives none.
 * @throws InvalidInput with everything that is wrong with the file's form
 */
export function readAdvice(role: string, directory: string): RoleAdvice | undefined {
  const file = join(directory, 'advice.yml');
  if (!existsSync(file)) return undefined;
  const source = readYaml(file);
  const problems = collectProblems();
  problems.schema(schema, source.value, { source, path: [] });
  problems.throwIfAny();
  const { when, parameters = {}, ...texts } = source.value as Omit<RoleAdvice, 'role' | 'when'> & { when?: unknown };
  const condition = expressionText(when) ?? (when === undefined ? undefined : String(when));
  return Object.freeze({ role, parameters, ...texts, ...(condition !== undefined && { when: condition }) });
}
