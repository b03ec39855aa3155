import { change, type Decision, type HazardNotice, ok, refuse } from '../../decision.ts';
import { script } from '../../shell/script.ts';
import { type Context, defineModule } from '../module.ts';
import { goDown, startGuests, stillSo } from './go-down.ts';
import { shutDown } from './guests.ts';
import { type RebootState, rebootState } from './look.ts';
import { args, examples, returns } from './schema.ts';

export const reboot = defineModule({
  name: 'reboot',
  summary: 'Reboots the host and waits until it is back.',
  description:
    'Reboots each time it runs: as a handler say `if: pending`. Running guests are a ' +
    'refusal, or are shut down first. The host is back when the kernel has another boot ' +
    'id, systemd has started everything (running or degraded), and `test_command` succeeds.',
  args,
  returns,
  examples,
  settles: 'reboot',
  userCode: args => args.test_command !== undefined,
  look: args => rebootState(args.test_command),
  decide(args, state, { begun }) {
    if (begun && begun.boot !== state.bootId) return comeUp(args.reboot_timeout, state, begun);
    const foreign = state.machines.length - state.domains.length;
    if (state.machines.length > 0 && (args.guests === 'refuse' || foreign > 0)) return refuseGuests(state, args.guests);
    return change('reboots', {
      diff: [{ subject: 'boot', before: `boot id ${state.bootId}\n`, after: 'another boot id\n' }],
      hazards: [
        { hazard: 'reboot', subject: 'the host', because: 'The host goes down and comes back.' },
        ...state.domains.map(stops),
      ],
      guard: script({ same: stillSo(state) }),
      apply: script(
        {
          ...(state.domains.length > 0 && { guests: shutDown(state.domains, args.guests_timeout) }),
          reboot: goDown(args.pre_reboot_delay + 1, args.msg),
        },
        // The guests may take as long again until they are started again.
        { limit: 2 * args.guests_timeout + 60 },
      ),
      ...(state.domains.length > 0 && { undo: script({ guests: startGuests(state) }) }),
      verify: { reconnect: args.reboot_timeout, within: args.reboot_timeout, proves: after => notBack(state, after) },
      result: { rebooted: true, guests: [...new Set([...guestsOf(begun), ...state.domains])] },
    });
  },
});

/**
 * An earlier run has rebooted the host, which may not be all there again.
 * @param within seconds
 */
function comeUp(within: number, state: RebootState, begun: NonNullable<Context['begun']>): Decision<RebootState> {
  const proves = (now: RebootState) => notBack({ bootId: begun.boot }, now);
  const result = { rebooted: true, guests: guestsOf(begun) };
  if (proves(state) === undefined) return ok('is in another boot', { result });
  return change('is on its way up', { diff: [], apply: script({}), verify: { within, proves }, result });
}

/** The guests that an earlier run, which was cut, has shut down for the reboot. */
function guestsOf(begun: Context['begun']): readonly string[] {
  const guests = begun?.fields.guests;
  return Array.isArray(guests) ? guests.map(String) : [];
}

function notBack(before: Pick<RebootState, 'bootId'>, after: RebootState): string | undefined {
  if (after.bootId === before.bootId) return 'the boot id is the same: the host has not gone down yet';
  if (!['', 'running', 'degraded'].includes(after.system)) return `systemd says that the system is ${after.system}`;
  return after.failure === undefined ? undefined : `the test command fails: ${after.failure}`;
}

function stops(domain: string): HazardNotice {
  return {
    hazard: 'guest-restart',
    subject: domain,
    because: `The guest ${domain} is shut down before the host reboots.`,
  };
}

function refuseGuests({ domains, machines }: RebootState, guests: string) {
  const names = domains.length > 0 ? domains : machines;
  const foreign = guests === 'shutdown';
  return refuse(
    `${names.length} ${names.length === 1 ? 'guest runs' : 'guests run'}: ${names.join(', ')}`,
    foreign
      ? `Some of ${machines.join(', ')} are not libvirt's, and cannot be asked to shut down: stop them first.`
      : 'Move them away or stop them first, or say guests: shutdown.',
  );
}
