import type { BatchSize, JobTerms, ModuleDefaults, Play, Retry, Settings } from './model.ts';
import { conditions, moduleName, optional, writtenAt } from './parse-keywords.ts';
import { hasEvaluated, inside, isMap, type Part } from './source.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Keywords that hold for everything inside a play, role, block, include or task. */
export function settingsOf(raw: Raw, part: Part): Settings {
  return {
    ...optional('ignoreErrors', raw.ignore_errors),
    ...optional('ignoreUnreachable', raw.ignore_unreachable),
    ...optional('anyErrorsFatal', raw.any_errors_fatal),
    ...optional('checkMode', raw.check_mode),
    ...optional('diff', raw.diff),
    ...optional('noLog', raw.no_log),
    ...optional('timeout', raw.timeout),
    ...optional('throttle', raw.throttle),
    ...optional('runOnce', raw.run_once),
    ...optional('delegateTo', writtenAt(raw, 'delegate_to', part)),
    ...optional('delegateFacts', raw.delegate_facts),
  } as Settings;
}

/** `module_defaults`, by the modules' own names. */
export function moduleDefaultsOf(raw: Raw): ModuleDefaults {
  const given = isMap(raw.module_defaults) ? raw.module_defaults : {};
  const entries = Object.entries(given).filter(([, args]) => isMap(args));
  return Object.fromEntries(entries.map(([name, args]) => [moduleName(name), args as Raw]));
}

/** What of a play says how its hosts go through it; what is evaluated with the plan is left out. */
export function courseOf(
  raw: Raw,
): Pick<Play, 'order' | 'serial' | 'maxFailPercentage' | 'strategy' | 'forceHandlers'> {
  const { serial, max_fail_percentage: most } = raw;
  const sizes = serial === undefined || serial === null || hasEvaluated(serial) ? [] : [serial].flat();
  return {
    order: (raw.order ?? 'inventory') as Play['order'],
    serial: sizes.map(batchSize),
    ...optional('maxFailPercentage', hasEvaluated(most) ? undefined : most),
    ...optional('strategy', raw.strategy),
    ...optional('forceHandlers', raw.force_handlers),
  } as ReturnType<typeof courseOf>;
}

/** Keywords of a play whose values are evaluated with the plan, by name. */
export function plannedOf(raw: Raw, part: Part): Play['planned'] {
  const names = ['serial', 'max_fail_percentage'].filter(name => hasEvaluated(raw[name]));
  return Object.fromEntries(names.map(name => [name, { value: raw[name], part: inside(part, name) }]));
}

function batchSize(size: unknown): BatchSize {
  const text = String(size);
  return text.endsWith('%') ? { percent: Number(text.slice(0, -1)) } : { hosts: Number(text) };
}

/** `until`, `retries` and `delay` of a task; by default three more attempts, five seconds apart. */
export function retryOf(raw: Raw, part: Part): { readonly retry?: Retry } {
  if (raw.until === undefined && raw.retries === undefined) return {};
  const until = conditions(raw, 'until', part) ?? [];
  return { retry: { until, retries: Number(raw.retries ?? 3), delay: Number(raw.delay ?? 5) } };
}

/** `async` and `poll` of a task. */
export function jobOf(raw: Raw): { readonly job?: JobTerms } {
  const limit = Number(raw.async ?? 0);
  return limit > 0 ? { job: { limit, poll: Number(raw.poll ?? 15) } } : {};
}
