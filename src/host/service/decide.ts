import { type Change, change, type Decision, ok, refuse, type Verify } from '../../decision.ts';
import { join, type ShellText, sh } from '../../shell/quote.ts';
import { type Script, script } from '../../shell/script.ts';
import type { ServiceArguments } from './arguments.ts';
import { systemctl } from './systemctl.ts';
import type { ServiceState } from './systemd-state.ts';

interface Step {
  readonly section: string;
  readonly before: string;
  readonly after: string;
  readonly commands: ShellText;
}

/** What a service comes to, from what the service manager says. */
export function decideService(args: ServiceArguments, state: ServiceState): Decision<ServiceState> {
  const { name } = args;
  if (name !== undefined && !state.exists) return absentUnit(name);
  const blocked = name === undefined ? undefined : refuseMasked(args, state, name);
  if (blocked) return blocked;
  const steps = [
    reexecStep(args, state),
    reloadStep(args, state),
    ...(name === undefined
      ? []
      : [maskStep(args, state, name), enableStep(args, state, name), runStep(args, state, name)]),
  ].filter(step => step !== undefined);
  const result = name === undefined ? {} : { name, state: state.active, enabled: state.enabled };
  if (steps.length === 0) return ok(okReason(args, state), { result });
  return change(steps.map(step => `${step.section}: ${step.before || 'as it was'} -> ${step.after}`).join(', '), {
    diff: [
      {
        subject: name ?? 'systemd',
        before: steps.map(step => `${step.section}: ${step.before}\n`).join(''),
        after: steps.map(step => `${step.section}: ${step.after}\n`).join(''),
      },
    ],
    apply: script(Object.fromEntries(steps.map(step => [step.section, step.commands]))) satisfies Script,
    ...(name !== undefined && { alters: [{ kind: 'unit', name }] }),
    ...verification(args, state),
    result,
  }) satisfies Change<ServiceState>;
}

/**
 * A start shows at once, or after a while where the unit only reports it; a one-shot unit never
 * shows it.
 */
function verification(args: ServiceArguments, before: ServiceState): { verify?: 'none' | Verify<ServiceState> } {
  if (args.state === undefined) return {};
  if (before.once || args.no_block) return { verify: 'none' };
  if (args.state === 'started' || args.state === 'stopped') return { verify: { within: 10 } };
  return {
    verify: {
      within: 10,
      proves(after) {
        if (after.active !== 'active') return `${args.name} is ${after.active} after it was ${args.state}`;
        const restarted = after.invocation !== before.invocation || before.init !== 'systemd';
        return args.state === 'restarted' && !restarted ? `${args.name} still runs as it did before` : undefined;
      },
    },
  };
}

function reexecStep({ daemon_reexec, scope }: ServiceArguments, { version }: ServiceState): Step | undefined {
  if (!daemon_reexec || !version || version.running === version.installed) return undefined;
  return {
    section: 'daemon-reexec',
    before: `systemd ${version.running} runs`,
    after: `systemd ${version.installed} runs`,
    commands: sh`${systemctl(scope)} daemon-reexec`,
  };
}

function reloadStep({ daemon_reload, scope }: ServiceArguments, { stale, init }: ServiceState): Step | undefined {
  if (!daemon_reload || !stale || init !== 'systemd') return undefined;
  return {
    section: 'daemon-reload',
    before: 'unit files changed',
    after: 'read again',
    commands: sh`${systemctl(scope)} daemon-reload`,
  };
}

function maskStep(
  { masked, scope, force }: ServiceArguments,
  { enabled }: ServiceState,
  name: string,
): Step | undefined {
  const is = enabled.startsWith('masked');
  if (masked === undefined || masked === is) return undefined;
  const verb = masked ? 'mask' : 'unmask';
  return {
    section: 'mask',
    before: is ? 'masked' : 'not masked',
    after: masked ? 'masked' : 'not masked',
    commands: sh`${systemctl(scope, { force })} ${verb} -- ${name}`,
  };
}

function enableStep(
  { enabled: wanted, masked, scope, force }: ServiceArguments,
  { enabled, init }: ServiceState,
  name: string,
): Step | undefined {
  // Such units are started by others, or have no place to be enabled in: both answers are as good
  // as they get.
  const fixed = /^(static|indirect|generated|transient|alias|linked)/.test(enabled);
  const is = enabled === 'enabled';
  if (wanted === undefined || masked || fixed || wanted === is) return undefined;
  const verb = wanted ? 'enable' : 'disable';
  return {
    section: 'enable',
    before: enabled || 'disabled',
    after: `${verb}d`,
    commands:
      init === 'systemd'
        ? sh`${systemctl(scope, { force })} ${verb} -- ${name}`
        : sh`rc-update ${wanted ? 'add' : 'del'} ${name} default`,
  };
}

function runStep(
  { state: wanted, scope, no_block }: ServiceArguments,
  { active, once, init }: ServiceState,
  name: string,
): Step | undefined {
  const runs = active === 'active' || active === 'reloading' || active === 'refreshing';
  if (
    wanted === undefined ||
    (wanted === 'started' && runs) ||
    (wanted === 'stopped' && (active === 'inactive' || active === 'failed'))
  ) {
    return undefined;
  }
  const verb =
    wanted === 'started'
      ? 'start'
      : wanted === 'stopped'
        ? 'stop'
        : wanted === 'restarted'
          ? 'restart'
          : runs || once
            ? 'reload'
            : 'start';
  const commands =
    init === 'systemd' ? sh`${systemctl(scope, { no_block })} ${verb} -- ${name}` : sh`rc-service ${name} ${verb}`;
  // The journal says why; without it the error would only tell to look there.
  const why = sh`{ rc=$?; ${systemctl(scope)} status --no-pager --full --lines 20 -- ${name} >&2; exit $rc; }`;
  return {
    section: 'state',
    before: active,
    after: wanted,
    commands: init === 'systemd' ? join([commands, why], ' || ') : commands,
  };
}

function okReason({ name, state }: ServiceArguments, { active, enabled }: ServiceState): string {
  if (name === undefined) return 'systemd is up to date';
  return state === undefined ? `is ${enabled || active}` : `is ${active}${enabled ? `, ${enabled}` : ''}`;
}

function refuseMasked(
  { state, enabled, masked }: ServiceArguments,
  now: ServiceState,
  name: string,
): Decision<ServiceState> | undefined {
  const wants = (state !== undefined && state !== 'stopped') || enabled === true;
  if (!now.enabled.startsWith('masked') || masked === false || !wants) return undefined;
  return refuse(`${name} is masked`, 'Somebody has forbidden to start it. Say masked: false if it is to run.');
}

/** Any package that an earlier task installs may bring the unit: which one is not known. */
function absentUnit(name: string): Decision<ServiceState> {
  return refuse(
    `the host has no service ${name}`,
    'Install its package first, or correct the name (systemctl list-unit-files).',
    {
      needs: [
        { kind: 'unit', name },
        { kind: 'package', name: '*' },
      ],
    },
  );
}
