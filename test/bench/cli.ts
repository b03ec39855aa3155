// npm run bench [-- [OPTION…] [PART…]]: measures Hostwright and others side by side.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ensurePackages, packagesOf } from '../../scripts/packages.ts';
import { buildHostwright, root } from './hostwright.ts';
import { machineText, readMachine } from './machine.ts';
import { pageWith, type Section, sectionText } from './page.ts';
import type { Findings, Part, Wishes } from './part.ts';
import { parts } from './parts.ts';
import { help, readArguments } from './read-arguments.ts';

process.exitCode = await main();

async function main(): Promise<number> {
  const { chosen, docs, json, problem, wishes, wantsHelp } = readArguments(process.argv.slice(2), parts);
  if (wantsHelp || problem) {
    process.stderr.write(problem ? `${problem}\n${help(parts)}` : help(parts));
    return problem ? 5 : 0;
  }
  const { advice, missing } = ensurePackages(packagesOf.bench!);
  if (advice) process.stderr.write(`Missing Debian packages: ${missing.join(' ')}\n  ${advice}\n`);
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort(new Error('interrupted')));
  process.once('SIGTERM', () => interrupt.abort(new Error('ended')));

  const sections: Section[] = [];
  let code = 0;
  for (const part of chosen) {
    const machine = readMachine();
    process.stderr.write(`${part.name}: ${machineText(machine)}\n`);
    try {
      const findings = await measure(part, wishes, interrupt.signal);
      const section = { part, date: new Date().toISOString().slice(0, 10), machine, repeats: wishes.repeats, findings };
      sections.push(section);
      process.stdout.write(`${sectionText(section)}\n`);
    } catch (error) {
      process.stderr.write(`${part.name}: ${error instanceof Error ? error.message : String(error)}\n`);
      code = interrupt.signal.aborted ? 99 : 1;
      if (interrupt.signal.aborted) break;
    }
  }
  // What was measured before a part that failed, or was interrupted, is kept.
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(sections, undefined, 2)}\n`);
  if (docs && sections.length > 0) writePage(join(root, 'docs/bench.md'), sections);
  return code;
}

/** Measures a part, and takes away what it made however it ends. */
async function measure(part: Part, wishes: Wishes, signal: AbortSignal): Promise<Findings> {
  const folder = mkdtempSync(join(tmpdir(), 'hw-bench-'));
  const undos: (() => unknown)[] = [];
  const say = (text: string) => process.stderr.write(`${part.name}: ${text}\n`);
  try {
    const hostwright = buildHostwright(folder);
    return await part.measure({ ...wishes, hostwright, folder, signal, say, atEnd: undo => undos.push(undo) });
  } finally {
    for (const undo of undos.toReversed()) await undo();
    // What ran on hosts ends a moment after its connection, and may still write.
    if (signal.aborted) await setTimeout(2000);
    rmSync(folder, { recursive: true, force: true });
  }
}

function writePage(file: string, sections: readonly Section[]): void {
  mkdirSync(dirname(file), { recursive: true });
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  writeFileSync(
    file,
    pageWith(
      before,
      sections,
      parts.map(({ name }) => name),
    ),
  );
}
