import type { ArgumentProblem } from '../../callable.ts';
import type { ServiceArguments } from '../../host/service/arguments.ts';
import { serviceProblems } from '../../host/service/arguments.ts';
import { decideService } from '../../host/service/decide.ts';
import { unit } from '../../host/service/unit.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';

export const systemd = defineModule({
  name: 'systemd',
  summary:
    'Starts, stops, masks or enables a unit of systemd, of the system or of users, and ' +
    'keeps systemd itself up to date.',
  description:
    'What service does under systemd, and more. `daemon_reload` acts if systemd says of ' +
    'any unit that its file has changed, `daemon_reexec` if another version is installed ' +
    'than runs. `no_block` asks for a start or stop and does not see whether it comes to ' +
    'pass.',
  args,
  freeForm: 'name',
  returns,
  examples,
  problems,
  owns: ({ name, enabled, scope }) =>
    name === undefined || enabled === undefined
      ? []
      : [
          {
            subject: scope === 'system' ? `service ${name}` : `service ${name} of ${scope}`,
            attribute: 'enabled',
            value: String(enabled),
          },
        ],
  look: args => unit(args),
  decide: decideService,
});

function problems(args: ServiceArguments): ArgumentProblem[] {
  const { name, scope, state, daemon_reload, daemon_reexec, no_block } = args;
  const found = serviceProblems(args);
  if (found.length > 0) return found;
  if (no_block && state === undefined) return [{ argument: 'no_block', message: 'needs state' }];
  if (scope !== 'global') return [];
  const wrong = state !== undefined ? 'state' : daemon_reload ? 'daemon_reload' : daemon_reexec && 'daemon_reexec';
  if (wrong) return [{ argument: wrong, message: 'has no meaning for all users: no such systemd runs' }];
  return name === undefined ? [{ argument: 'name', message: 'is needed: which unit' }] : [];
}
