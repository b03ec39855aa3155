import type { CommonSetting, PlannedSettings, Settings, Written, WrittenSettings } from '../language/model.ts';
import { settingNames } from '../language/parse/parse-settings.ts';
import type { Problems } from '../language/problems.ts';
import type { Scope } from '../values/scope.ts';
import { attempt, withHint } from './attempt.ts';
import { isWritten, keywordValue } from './keyword-value.ts';
import { notifiedBy } from './notify.ts';
import type { PlannedTask } from './plan.ts';

/** A task with the values of its keywords that count for one host. */
export interface SettledTask extends PlannedTask {
  readonly settings: Settings;
  readonly notify: readonly string[];
}

const common: readonly CommonSetting[] = ['anyErrorsFatal', 'throttle', 'runOnce'];

/**
 * Settings with the values of those that are the same for all hosts; what is wrong with one is
 * told.
 */
export function planSettings(written: WrittenSettings, scope: () => Scope, problems: Problems): PlannedSettings {
  const values = common.flatMap(name => {
    const given = written[name];
    if (!isWritten(given)) return [];
    const own = settingNames[name];
    const hint = `"${own}" is the same for all hosts: only variables of the play, vars of its roles and -e count here.`;
    return [
      [
        name,
        attempt(problems, given.part, () =>
          withHint(
            () => keywordValue(own, given, scope()),
            () => hint,
          ),
        ),
      ],
    ];
  });
  return (values.length === 0 ? written : { ...written, ...Object.fromEntries(values) }) as PlannedSettings;
}

/** A keyword that is evaluated for each host. */
export interface LaterKeyword {
  /** In the model. */
  readonly own: string;
  /** In the language. */
  readonly name: string;
  readonly given: Written;
}

/** The settings of a task that are evaluated for each host. */
export function laterSettings({ settings }: PlannedTask): readonly LaterKeyword[] {
  return Object.entries(settingNames).flatMap(([own, name]) => {
    const given = settings[own as keyof typeof settingNames];
    return isWritten(given) ? [{ own, name, given }] : [];
  });
}

/** Keywords of a task that are evaluated for each host and each item of its loop. */
export function laterInLoop({ become: { become }, task }: PlannedTask): readonly LaterKeyword[] {
  const { retries, delay } = task.retry ?? {};
  const all = Object.entries({ become, retries, delay });
  return all.flatMap(([name, given]) => (isWritten(given) ? [{ own: name, name, given }] : []));
}

/**
 * A task as it is for a host.
 * @param handlers those of its play
 * @throws UndefinedName, UnknownValue, ValueError
 */
export function settleTask(planned: PlannedTask, handlers: readonly PlannedTask[], scopeOf: () => Scope): SettledTask {
  if (isSettled(planned)) return planned;
  const scope = scopeOf();
  const values = laterSettings(planned).map(({ own, name, given }) => [own, keywordValue(name, given, scope)]);
  const settings: Settings = { ...planned.settings, ...Object.fromEntries(values) };
  return { ...planned, settings, notify: notifiedBy(planned, handlers, scope) };
}

/**
 * A task with those of its keywords that need no variables: what counts where one of the others has
 * no value.
 */
export function withoutLater(planned: PlannedTask): SettledTask {
  const settings = Object.fromEntries(Object.entries(planned.settings).filter(([, given]) => !isWritten(given)));
  const { delegateTo } = planned.settings;
  return { ...planned, settings: { ...settings, ...(delegateTo && { delegateTo }) }, notify: [] };
}

function isSettled(planned: PlannedTask): planned is SettledTask {
  return laterSettings(planned).length === 0 && planned.notify.every(name => typeof name === 'string');
}
