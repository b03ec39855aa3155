import type { AnyModule } from '../../src/modules/module.ts';
import { sh } from '../../src/shell/quote.ts';
import { script } from '../../src/shell/script.ts';
import { flagWith } from './flag-module.ts';

/** A module that leaves a reboot pending, as kernel_cmdline does, and one that settles it. */
export function pendingModules(log: string): readonly AnyModule[] {
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
            hazards: [{ hazard: 'reboot', subject: 'the host', because: 'it goes down' }],
            apply: script({
              write: sh`date +%s%N >>${log}; sleep 0.3; date +%s%N >>${log}; printf %s ${args.value} >${args.path}`,
            }),
          },
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
