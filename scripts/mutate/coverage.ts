import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Parts of a text by offset, in order and apart. */
export type Ranges = [start: number, end: number][];

/** What of a source file was run: anything, and within functions that were called. */
export type Executed = { ran: Ranges; called: Ranges };

type Counted = { startOffset: number; endOffset: number; count: number };
type V8Script = { url: string; functions: { functionName: string; ranges: Counted[] }[] };

/**
 * Reads what processes left in a folder because of NODE_V8_COVERAGE: what of each source file of a
 * project they executed.
 */
export function readCoverage(folder: string, project: string): Map<string, Executed> {
  const executed = new Map<string, Executed>();
  const root = `${pathToFileURL(project)}/`;
  for (const name of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { result: V8Script[] };
    for (const { functions, url } of result.filter(script => script.url.startsWith(`${root}src/`))) {
      const file = decodeURIComponent(url.slice(root.length));
      const before = executed.get(file) ?? { ran: [], called: [] };
      const [whole, ...others] = functions.map(({ ranges }) => ranges);
      executed.set(file, {
        ran: union(before.ran, countedRanges([...(whole ?? []), ...others.flat()])),
        called: union(before.called, countedRanges(others.flat())),
      });
    }
  }
  return executed;
}

/** Whether an offset is within one of the ranges. */
export function includes(ranges: Ranges, offset: number): boolean {
  return ranges.some(([start, end]) => start <= offset && offset < end);
}

/** Of nested ranges the innermost counts. */
function countedRanges(counted: Counted[]): Ranges {
  const ranges: Ranges = [];
  const open: Counted[] = [];
  let at = 0;
  function moveTo(offset: number): void {
    const inner = open.at(-1);
    if (offset > at && inner && inner.count > 0) add(ranges, [at, offset]);
    at = Math.max(at, offset);
  }
  function closeBefore(offset: number): void {
    for (let inner = open.at(-1); inner && inner.endOffset <= offset; inner = open.at(-1)) {
      moveTo(inner.endOffset);
      open.pop();
    }
  }
  for (const range of counted.toSorted((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset)) {
    closeBefore(range.startOffset);
    moveTo(range.startOffset);
    open.push(range);
  }
  closeBefore(Number.POSITIVE_INFINITY);
  return ranges;
}

function union(one: Ranges, other: Ranges): Ranges {
  const all: Ranges = [];
  for (const range of [...one, ...other].toSorted((a, b) => a[0] - b[0])) add(all, range);
  return all;
}

/** Adds a range that does not begin before the last one. */
function add(ranges: Ranges, [start, end]: Ranges[number]): void {
  const last = ranges.at(-1);
  if (last && start <= last[1]) last[1] = Math.max(last[1], end);
  else ranges.push([start, end]);
}
