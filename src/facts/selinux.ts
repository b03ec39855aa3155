import { all, map, printed } from '../shell/look.ts';
import { raw } from '../shell/quote.ts';
import { defineFacts } from './fact.ts';
import { trimmed } from './parse.ts';
import { flag, record, text } from './schema.ts';

export const selinux = defineFacts({
  name: 'selinux',
  summary: 'SELinux, live and configured; null where the host has none.',
  schema: record({
    enabled: flag('Whether the kernel has it on.'),
    mode: text('enforcing or permissive; empty where it is not enabled.'),
    configured: text('enforcing, permissive or disabled, for the next boot; empty where it is not configured.'),
    policy: text('targeted, mls, …; empty where it is not configured.'),
  }),
  look: map(
    all({
      enforce: trimmed(
        'cat /sys/fs/selinux/enforce',
        raw('[ ! -e /sys/fs/selinux/enforce ] || cat /sys/fs/selinux/enforce'),
      ),
      config: printed('cat /etc/selinux/config', raw('[ ! -e /etc/selinux/config ] || cat /etc/selinux/config')),
    }),
    ({ enforce, config }) => {
      if (enforce === '' && config === '') return null;
      const setting = (name: string) => new RegExp(`^\\s*${name}\\s*=\\s*(\\w+)`, 'm').exec(config)?.[1] ?? '';
      const mode = enforce === '1' ? 'enforcing' : 'permissive';
      return {
        enabled: enforce !== '',
        mode: enforce === '' ? '' : mode,
        configured: setting('SELINUX').toLowerCase(),
        policy: setting('SELINUXTYPE'),
      };
    },
  ),
});
