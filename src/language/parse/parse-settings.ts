import type { BatchSize, JobTerms, ModuleDefaults, Play, Retry, Settings, Written, WrittenSettings } from '../model.ts';
import { plainList } from '../problems.ts';
import { hasEvaluated, inside, isEvaluated, isMap, type Part } from '../source.ts';
import { conditions, laterAt, moduleName, optional, writtenAt } from './parse-keywords.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Keywords that hold for everything inside a play, role, block, include or task. */
export function settingsOf(raw: Raw, part: Part): WrittenSettings {
  const values = Object.entries(settingNames).map(([own, name]) => optional(own, laterAt(raw, name, part)));
  return Object.assign({}, ...values, optional('delegateTo', writtenAt(raw, 'delegate_to', part)));
}

/** The keywords of {@link Settings}; `delegate_to` is a text for each host. */
export const settingNames = {
  ignoreErrors: 'ignore_errors',
  ignoreUnreachable: 'ignore_unreachable',
  anyErrorsFatal: 'any_errors_fatal',
  checkMode: 'check_mode',
  diff: 'diff',
  noLog: 'no_log',
  timeout: 'timeout',
  throttle: 'throttle',
  runOnce: 'run_once',
  delegateFacts: 'delegate_facts',
} as const satisfies Readonly<Record<Exclude<keyof Settings, 'delegateTo'>, string>>;

/** `notify`: names of handlers, or what gives one or several. */
export function notifyOf({ notify }: Raw, part: Part): readonly (string | Written)[] {
  const place = inside(part, 'notify');
  if (isEvaluated(notify)) return [{ value: notify, part: place }];
  if (!Array.isArray(notify)) return plainList(notify);
  return notify.map((name, at) => (isEvaluated(name) ? { value: name, part: inside(place, at) } : String(name).trim()));
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
  const names = ['hosts', 'serial', 'max_fail_percentage'].filter(name => hasEvaluated(raw[name]));
  return Object.fromEntries(names.map(name => [name, { value: raw[name], part: inside(part, name) }]));
}

function batchSize(size: unknown): BatchSize {
  const text = String(size);
  return text.endsWith('%') ? { percent: Number(text.slice(0, -1)) } : { hosts: Number(text) };
}

/** Attempts after the first, and the seconds between two, where a task does not say. */
export const defaultRetry = { retries: 3, delay: 5 } as const;

/** `until`, `retries` and `delay` of a task. */
export function retryOf(raw: Raw, part: Part): { readonly retry?: Retry } {
  if (raw.until === undefined && raw.retries === undefined) return {};
  const until = conditions(raw, 'until', part) ?? [];
  const given = (key: string) => laterAt(raw, key, part) as number | Written | null | undefined;
  return {
    retry: { until, retries: given('retries') ?? defaultRetry.retries, delay: given('delay') ?? defaultRetry.delay },
  };
}

/** `async` and `poll` of a task. */
export function jobOf(raw: Raw): { readonly job?: JobTerms } {
  const limit = Number(raw.async ?? 0);
  return limit > 0 ? { job: { limit, poll: Number(raw.poll ?? 15) } } : {};
}
