import { type Decision, ok, refuse } from '../../decision.ts';
import { defineModule } from '../module.ts';
import { type Check, checks } from './checks.ts';
import { type Args, args, examples, returns } from './schema.ts';

/** What virt-host-validate finds, as data. */
export const virtHostValidate = defineModule({
  name: 'virt_host_validate',
  summary: 'What virt-host-validate says about a host, as data.',
  description: `Reads only. What it finds is a result and no failure, as most of its warnings name
what a host has no use for; the checks that are named in \`require\` must not be FAIL. A name that
is part of no check is refused, as nothing was looked at then.`,
  args,
  returns,
  examples,
  look: args => checks(args.hypervisor),
  decide,
});

function decide(args: Args, checks: readonly Check[]): Decision<readonly Check[]> {
  const failed = checks.filter(({ level }) => level === 'FAIL');
  const required = failed.filter(({ check }) => args.require.some(name => check.includes(name)));
  if (required.length > 0) {
    return refuse(
      required.map(({ check }) => `FAIL: ${check}`).join('; '),
      required.find(({ advice }) => advice !== '')?.advice ?? 'See virt-host-validate on the host.',
    );
  }
  const unknown = args.require.find(name => !checks.some(({ check }) => check.includes(name)));
  if (unknown !== undefined) {
    // Where virtualisation is missing the tool leaves out what would follow from it: then the cause
    // is the better answer.
    const cause = failed.length > 0 ? failed.map(describe) : checks.map(({ check }) => check);
    return refuse(
      `virt-host-validate made no check of "${unknown}"`,
      failed.length > 0 ? `It says ${cause.join('; ')}.` : `It looked ${cause.join(', ')}.`,
    );
  }
  const count = (wanted: Check['level']): number => checks.filter(({ level }) => level === wanted).length;
  const advice = checks.filter(({ level }) => level !== 'PASS').map(describe);
  const reason = `${count('PASS')} pass, ${count('WARN')} warn, ${count('FAIL')} fail`;
  return ok(reason, { result: { checks, advice } });
}

function describe({ advice, check, level }: Check): string {
  return `${level}: ${check}${advice && ` (${advice})`}`;
}
