import { type Refuse, refuse } from '../../decision.ts';

/** JSON Schema of the run whose change is undone. */
export const runSchema = {
  type: 'string',
  pattern: '^[0-9a-z]+$',
  description: 'The id of the run that replaced it.',
} as const;

/** JSON Schema of a hash; lower-case hex. */
export const sha256Schema = { type: 'string', pattern: '^[0-9a-f]{64}$' } as const;

/** JSON Schema of what the run left. */
export const leftSchema = {
  type: 'array',
  items: sha256Schema,
  default: [],
  description: 'SHA-256 of what the run may have left in its place; without them, that is not known.',
} as const;

/** JSON Schema of the consent to lose what came after the run. */
export const changedSinceSchema = {
  type: 'boolean',
  default: false,
  description: 'Puts it back also where what is there now is not what the run left.',
} as const;

/** The refusal to undo what others have done since the run. */
export function refuseChanged(what: string, run: string, isKnown: boolean): Refuse {
  const message = isKnown
    ? `${what} is not what the run ${run} left: it was changed again`
    : `it is not known whether ${what} is what the run ${run} left`;
  return refuse(message, 'Look at what would be lost (--changed-since --check --diff); --changed-since puts it back.');
}

/** The refusal where the host does not have what is to be put back. */
export function refuseUnkept(what: string, run: string): Refuse {
  return refuse(
    `the host does not keep what the run ${run} replaced: ${what}`,
    'A host keeps what the twenty newest runs replaced in it, and ten definitions of each domain.',
  );
}
