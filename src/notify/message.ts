import { type DriftReport, exitCodeOf } from '../drift/report.ts';
import type { RunSummary } from '../journal/summary.ts';
import type { Turned } from './transitions.ts';

/**
 * What is told of a run, as JSON; undefined where nothing has become of any host. Its texts are
 * those of the journal, in which secrets are masked.
 */
export function messageText(run: RunSummary, turned: Turned, report: DriftReport | undefined): string | undefined {
  const drift = report === undefined ? [] : newDrift(report);
  if (turned.bad.length + turned.recovered.length + drift.length === 0) return undefined;
  const { id, start, time, exitCode = null } = run;
  return JSON.stringify({
    version: 1,
    run: id,
    title: start.title,
    check: start.check,
    controller: start.origin.controller,
    time,
    exitCode: exitCode !== null && report ? exitCodeOf(exitCode, report) : exitCode,
    transitions: { ...turned, drift },
  });
}

/** What no entry accepts, and does not come back by itself after each run. */
function newDrift({ deviations }: DriftReport) {
  return deviations
    .filter(({ isNew, cause }) => isNew && cause.kind !== 'never-converges')
    .map(({ hosts, task: { role, name, module }, item, subject, message }) => ({
      hosts,
      ...(role === undefined ? {} : { role }),
      task: name,
      module,
      ...(item === undefined ? {} : { item }),
      ...(subject === undefined ? {} : { subject }),
      message,
    }));
}
