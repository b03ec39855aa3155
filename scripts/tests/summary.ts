import type { Failure, Outcome } from './mocha.ts';
import type { Suite } from './suites.ts';

/** A suite that does not run here, and why. */
export type Left = { readonly suite: Suite; readonly why: string };

export type Summary = { readonly passed: number; readonly failed: number; readonly text: string };

const slowest = 10;
/** Lines of a failure's message in the summary; mocha's own output has all of them. */
const shownLines = 12;
/** Characters of a line where failures are told in short. */
const shortLine = 300;

/**
 * What a run of suites comes to. A suite that could not run is a failure where `strict` says so.
 */
export function summaryOf(outcomes: readonly Outcome[], left: readonly Left[], strict: boolean): Summary {
  const suites = [...new Set(outcomes.map(({ batch }) => batch.suite))];
  const rows = suites.map(suite => rowOf(suite, outcomes));
  const unable = left.map(({ suite, why }) => `${suite.name.padEnd(11)} ${strict ? 'FAILED' : 'skipped'}: ${why}`);
  const failures = outcomes.flatMap(outcome => outcome.failures);
  const failed = sum(outcomes, ({ failed: count }) => count) + (strict ? left.length : 0);
  const text = [...slowestOf(outcomes), ...failures.flatMap(linesOf), '', ...rows, ...unable].join('\n');
  return { passed: sum(outcomes, ({ passed }) => passed), failed, text };
}

function rowOf(suite: Suite, all: readonly Outcome[]): string {
  const outcomes = all.filter(({ batch }) => batch.suite === suite);
  const passed = sum(outcomes, outcome => outcome.passed);
  const failed = sum(outcomes, outcome => outcome.failed);
  const skipped = sum(outcomes, outcome => outcome.skipped);
  const seconds = sum(outcomes, outcome => sum(Object.values(outcome.seconds), value => value));
  const more = skipped > 0 ? `, ${skipped} skipped` : '';
  return `${suite.name.padEnd(11)} ${passed} passed, ${failed} failed${more} (${Math.round(seconds)} s)`;
}

function slowestOf(outcomes: readonly Outcome[]): string[] {
  const files = outcomes
    .flatMap(({ seconds }) => Object.entries(seconds))
    .toSorted(([, one], [, other]) => other - one);
  const rows = files
    .slice(0, slowest)
    .map(([file, seconds]) => `${String(Math.round(seconds)).padStart(5)} s  ${file}`);
  return rows.length > 1 ? ['', 'The slowest files:', ...rows] : [];
}

function linesOf({ file, message, title }: Failure): string[] {
  const lines = message.split('\n').filter(line => line.trim() !== '');
  const more = lines.length > shownLines ? [`  … ${lines.length - shownLines} more lines above`] : [];
  return ['', `FAILED: ${title}`, `  ${file}`, ...lines.slice(0, shownLines).map(line => `  ${line}`), ...more];
}

/**
 * The failures that the text of a summary tells of, in short: a line for the test and one for why.
 */
export function failuresIn(text: string): string[] {
  const found = text.matchAll(/^FAILED: (.*)\n {2}(.*)\n(?: {2}(.*))?/gm);
  return [...found].flatMap(([, title = '', file = '', why = '']) => [
    `  ${short(`${file}: ${title}`)}`,
    `    ${short(why)}`,
  ]);
}

function short(line: string): string {
  return line.length > shortLine ? `${line.slice(0, shortLine)}…` : line;
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
