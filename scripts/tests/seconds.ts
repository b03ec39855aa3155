import { readFileSync, writeFileSync } from 'node:fs';

const file = 'test/seconds.json';

/** What a file takes of which nothing is known yet: one of the lab, and any other. */
const unknown = { lab: 180, other: 5 };

/** Seconds by test file, as they were measured on two quiet cores without KVM. */
export type Seconds = Readonly<Record<string, number>>;

/** What was measured last. */
export function readSeconds(): Seconds {
  return JSON.parse(readFileSync(file, 'utf8')) as Seconds;
}

/** Keeps what was measured now; files that are gone are forgotten. */
export function recordSeconds(measured: Seconds, existing: readonly string[]): void {
  const known = { ...readSeconds(), ...measured };
  const rows = existing.toSorted().flatMap(name => {
    const taken = known[name];
    return taken === undefined ? [] : [[name, Math.max(1, Math.round(taken))]];
  });
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(rows), null, 2)}\n`);
}

/** What some files take one after the other. */
export function secondsOf(files: readonly string[], seconds: Seconds): number {
  return files.reduce(
    (sum, name) => sum + (seconds[name] ?? (name.startsWith('test/lab/') ? unknown.lab : unknown.other)),
    0,
  );
}
