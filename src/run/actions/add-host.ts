import { result } from '../results.ts';
import { defineAction } from './action.ts';

const own: ReadonlySet<string> = new Set(['name', 'hostname', 'host', 'groups', 'groupname', 'group']);

export const addHostAction = defineAction({
  name: 'add_host',
  summary: 'Adds a host to the inventory, for the plays to come.',
  description:
    'All other arguments are variables of the host. They are data: what looks like a template in them is not evaluated. The inventory of the run alone changes, so the task is ok and never changed.',
  args: {
    type: 'object',
    properties: {
      name: { type: 'string', description: 'The name of the host; also as "hostname" or "host".' },
      hostname: { type: 'string', description: 'Another word for name.' },
      host: { type: 'string', description: 'Another word for name.' },
      groups: {
        type: ['string', 'array'],
        items: { type: 'string' },
        description: 'Groups that it is in: a list, or names with commas. New ones are made.',
      },
      groupname: { type: ['string', 'array'], items: { type: 'string' }, description: 'Another word for groups.' },
      group: { type: ['string', 'array'], items: { type: 'string' }, description: 'Another word for groups.' },
    },
    description: 'Names and values of the host.',
  },
  returns: { type: 'object', additionalProperties: true, properties: {} },
  examples: ['- add_host:\n    name: hv9.example.org\n    groups: [hypervisors]\n    ansible_user: root\n'],
  check: args => (nameOf(args) ? [] : [{ argument: 'name', message: 'it names no host: give "name"' }]),
  run: args => {
    const name = nameOf(args)!;
    const groups = [args.groups ?? args.groupname ?? args.group ?? []].flat().flatMap(text => text.split(','));
    const variables = Object.fromEntries(Object.entries(args).filter(([key]) => !own.has(key)));
    const host = { name, groups: groups.map(text => text.trim()).filter(text => text !== ''), variables };
    return {
      result: result('ok', `${name} is known from here on`, { fields: { add_host: host } }),
      effect: { kind: 'add_host', host },
    };
  },
});

function nameOf({
  name,
  hostname,
  host,
}: Readonly<Partial<Record<'name' | 'hostname' | 'host', unknown>>>): string | undefined {
  return [name, hostname, host].find(text => typeof text === 'string' && text !== '') as string | undefined;
}
