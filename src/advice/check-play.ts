import type { RoleAdvice } from '../language/parse/read-advice.ts';
import { expression, expressionText } from '../language/source.ts';

/** The variable that holds what `libvirt_guests` says, for the expressions of an advice. */
const guestsVariable = 'advice';

/** The variable whose values are the evaluated parameters of the role that comes next. */
export const parametersVariable = 'advised_parameters';

/** A host whose libvirt does not answer has queues and memory all the same. */
const guests = {
  name: 'The guests',
  block: [
    { name: 'The guests', libvirt_guests: {}, register: 'advised_guests' },
    { name: 'The guests', set_fact: { [guestsVariable]: { guests: expression('advised_guests.guests') } } },
  ],
  rescue: [{ name: 'No guests', set_fact: { [guestsVariable]: { guests: [] } } }],
};

/** Whether what a role advises depends on the guests of the host. */
function asksForGuests({ when, parameters }: RoleAdvice): boolean {
  const asks = (value: unknown): boolean => {
    const text = expressionText(value) ?? value;
    if (typeof text === 'string') return text.includes(guestsVariable);
    return typeof text === 'object' && text !== null && Object.values(text).some(asks);
  };
  return asks(when) || asks(parameters);
}

/**
 * A play, as data, that tries each role as its advice says: meant for check mode. A role that
 * refuses ends only its own part, so that the next ones have their turn.
 */
export function checkPlay(hosts: string, roles: readonly RoleAdvice[]): object {
  return {
    name: 'advise',
    hosts,
    tasks: [
      ...(roles.some(asksForGuests) ? [guests] : []),
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
