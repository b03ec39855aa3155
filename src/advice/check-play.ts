import type { RoleAdvice } from '../language/read-advice.ts';
import { expression } from '../language/source.ts';

/** The variable that holds what `libvirt_guests` says, for the expressions of an advice. */
const guestsVariable = 'advice';

/** The variable whose values are the evaluated parameters of the role that comes next. */
export const parametersVariable = 'advised_parameters';

/**
 * A play, as data, that tries each role as its advice says: meant for check mode. A role that refuses ends only its own part, so that the next
 * ones have their turn.
 */
export function checkPlay(hosts: string, roles: readonly RoleAdvice[]): object {
  return {
    name: 'advise',
    hosts,
    tasks: [
      {
        name: 'The guests',
        block: [
          { name: 'The guests', libvirt_guests: {}, register: 'advised_guests' },
          { name: 'The guests', set_fact: { [guestsVariable]: { guests: expression('advised_guests.guests') } } },
        ],
        // A host without guests, or whose libvirt does not answer, has queues and memory all the same.
        rescue: [{ name: 'No guests', set_fact: { [guestsVariable]: { guests: [] } } }],
      },
      ...roles.map(({ role, when, parameters }) => ({
        name: role,
        ...(when !== undefined && { when }),
        block: [
          { name: role, set_fact: { [parametersVariable]: parameters } },
          { include: { role }, vars: parameters },
        ],
        rescue: [{ name: `${role} refuses`, meta: 'noop' }],
      })),
    ],
  };
}
