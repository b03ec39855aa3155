import type { Change } from '../../src/decision.ts';
import type { Hazard, Pending } from '../../src/events/result.ts';
import type { AnyModule } from '../../src/modules/module.ts';
import { sh } from '../../src/shell/quote.ts';
import { script } from '../../src/shell/script.ts';
import { flagWith } from './flag-module.ts';

/** What is different about the module that settles a reboot. */
interface Settling {
  readonly hazard?: Hazard;
  readonly verify?: Change['verify'];
  readonly undo?: Change['undo'];
  /** Hosts that have gone down before any comes up, if they do within some seconds. */
  readonly together?: number;
}

/** A module that leaves a reboot pending, as kernel_cmdline does, and one that settles it. */
export function pendingModules(log: string, settling: Settling = {}): readonly AnyModule[] {
  const { hazard = 'reboot', verify, undo, together = 1 } = settling;
  const announces = flagWith('announces', {
    decide: () => ({
      kind: 'ok',
      reason: 'is configured',
      pending: [{ kind: 'reboot', reason: 'the kernel runs without it' }],
    }),
  });
  const settles = flagWith('settles', {
    settles: 'reboot',
    decide: (args, state) =>
      state.value === args.value
        ? { kind: 'ok', reason: 'was rebooted' }
        : {
            kind: 'change',
            reason: 'is to be rebooted',
            diff: [],
            hazards: [{ hazard, subject: 'the host', because: 'it goes down' }],
            ...(verify ? { verify } : {}),
            ...(undo ? { undo } : {}),
            apply: script({
              write: sh`echo down >>${log}; sleep 0.3; tries=0
while [ "$(grep -c down ${log})" -lt ${together} ] && [ $tries -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
echo up >>${log}; printf %s ${args.value} >${args.path}`,
            }),
          },
  });
  return [announces, settles];
}

/**
 * A module that leaves two guests waiting for a restart, and one that restarts the first and fails
 * at the second.
 */
export function waitingGuests(): readonly AnyModule[] {
  const [first, second] = ['vm1', 'vm2'].map(
    subject => ({ kind: 'guest-restart', subject, reason: 'disk vda' }) as const,
  ) as [Pending, Pending];
  const announces = flagWith('announces', {
    decide: () => ({ kind: 'ok', reason: 'is configured', pending: [first, second] }),
  });
  const settles = flagWith('settles', {
    settles: 'guest-restart',
    decide: ({ path }, { value }) => ({
      kind: 'change',
      reason: 'guests wait',
      diff: [],
      standing: value === undefined ? [first, second] : [second],
      apply: script({ restart: sh`echo vm1 >${path}; echo 'vm2 does not start' >&2; exit 1` }),
    }),
  });
  return [announces, settles];
}

/** A play that finds a reboot pending on every host, with flags of its own below a folder. */
export const pendingPlay = (path: (name: string) => string): string => `
- hosts: all
  tasks:
    - name: configured
      announces: {path: ${path('f')}, value: x}
  handlers:
    - name: reboot
      settles:
        path: ${path('{{ inventory_hostname }}')}
        value: done
        if: pending
`;
