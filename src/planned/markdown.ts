import { diffText } from '../reporters/diff-text.ts';
import { foldNames, withoutHost } from '../reporters/host-names.ts';
import { printable } from '../reporters/printable.ts';
import type { PlanFile, PlannedTask } from './plan-file.ts';

/** Tasks that are the same for all hosts of a row. */
interface Row {
  readonly task: PlannedTask;
  readonly diff: string;
  readonly hosts: string[];
}

/**
 * What a reviewer reads of a plan in a merge request: a row for each distinct difference, with its
 * hosts folded. The same plan gives the same text.
 */
export function planMarkdown({ head, tasks }: PlanFile): string {
  const shown = tasks.filter(({ status }) => status !== 'ok' && status !== 'skipped');
  const rows = rowsOf(shown);
  const changed = new Set(shown.filter(({ status }) => status === 'changed').map(({ host }) => host));
  const summary = `${changed.size} of ${head.hosts.length} hosts would change.`;
  return [
    `# Plan: ${inline(head.title)}`,
    ...(head.origin.commit
      ? [`Commit ${head.origin.commit.id.slice(0, 12)}${head.origin.commit.clean ? '' : ', with changes'}.`]
      : []),
    rows.length === 0 ? 'Nothing would change.' : summary,
    ...rows.map(rowText),
    '',
  ].join('\n\n');
}

function rowsOf(tasks: readonly PlannedTask[]): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const task of tasks) {
    const diff = withoutHost(diffText(task.diff), task.host);
    const { status, hazards } = task;
    const key = JSON.stringify([
      task.task.at,
      task.task.name,
      status,
      hazards,
      withoutHost(task.message, task.host),
      diff,
    ]);
    const row = rows.get(key) ?? { task, diff, hosts: [] };
    row.hosts.push(task.host);
    rows.set(key, row);
  }
  return [...rows.entries()]
    .toSorted(([one], [other]) => one.localeCompare(other, 'en', { numeric: true }))
    .map(([, row]) => row);
}

function rowText({ task, diff, hosts }: Row): string {
  const { task: name, status, message, hazards } = task;
  const title = name.role === undefined ? name.name : `${name.role}: ${name.name}`;
  const first = `**${words[status] ?? status}** ${inline(title)} on ${inline(foldNames(hosts))}`;
  const danger = hazards.length > 0 ? ` — needs consent: **${hazards.join(', ')}**` : '';
  const text = diff === '' ? '' : `\n\n<details><summary>diff</summary>\n\n${fenced(diff)}\n\n</details>`;
  return `- ${first}${danger}  \n  ${inline(withoutHost(message, task.host))}${text.replaceAll('\n', '\n  ')}`;
}

const words: Readonly<Record<string, string>> = { changed: 'would change', unknown: 'may change' };

/** Texts of hosts, which must not become markup. */
function inline(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]<>()#+!|~&$]/g, '\\$&');
}

/** A block that no line of it can end. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const lines = text.split('\n').map(line => printable(line));
  return `${fence}diff\n${lines.join('\n').trimEnd()}\n${fence}`;
}
