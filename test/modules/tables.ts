import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import type { Change } from '../../src/decision.ts';
import type { Pending } from '../../src/events/result.ts';
import { modules } from '../../src/modules/index.ts';
import type { AnyModule, Context } from '../../src/modules/module.ts';
import { CannotTell } from '../../src/shell/answer.ts';
import { type Answer, type Output, output, type Script } from '../../src/shell/script.ts';
import type { LocalFile } from '../../src/transfers.ts';
import { checkArguments, contextOf } from './arguments.ts';

/**
 * A row of a table: what is given, and what must come of it. Keys of `expect` that are not given
 * are not looked at.
 */
export interface Case {
  readonly it: string;
  readonly args: object;
  readonly files?: Record<string, string | Partial<LocalFile>>;
  readonly pending?: Pending[];
  /** Where a run that was cut began the change. */
  readonly begun?: Context['begun'];
  /** What the controller has where the module would write. */
  readonly local?: { readonly path: string; readonly file?: string | Partial<LocalFile> };
  /** By section; a text stands for an answer with code 0 and that text. */
  readonly answer?: Record<string, string | { code?: number; stdout?: string; stderr?: string }>;
  readonly expect: Record<string, unknown>;
}

export interface Table {
  readonly module: AnyModule;
  /** The name of the file: `decide`. */
  readonly name: string;
  readonly rows: readonly Case[];
}

/** The tables of all modules: `cases/<module>/<name>.yml`. */
export function readTables(): Table[] {
  const folder = join(import.meta.dirname, 'cases');
  return readdirSync(folder).flatMap(name => {
    const module = modules.find(one => one.name === name);
    if (!module) throw new Error(`cases/${name} is the table of no module`);
    return readdirSync(join(folder, name)).map(file => {
      const rows = parse(readFileSync(join(folder, name, file), 'utf8'), { merge: true }) as Case[];
      return { module, name: basename(file, '.yml'), rows };
    });
  });
}

/**
 * What the module says, flattened so that a table can be compared: scripts are maps of section to
 * text, and `limits` has the seconds of those that have a limit of their own.
 */
export function outcome(module: AnyModule, row: Case): Record<string, unknown> {
  const { args, problems } = checkArguments(module, row.args);
  if (problems.length > 0) return { kind: 'arguments', message: problems.join('; ') };
  const context = {
    ...contextOf(row.files, row.local),
    pending: row.pending ?? [],
    ...(row.begun && { begun: row.begun }),
  };
  const look = module.look(args, context);
  const asked = look.probe;
  const probe = texts(asked);
  try {
    const state = look.read(answerOf(row, asked));
    const { report, verify, ...decision } = {
      report: undefined,
      verify: undefined,
      ...module.decide(args, state, context),
    };
    const scripts = Object.entries(decision).map(([key, value]) => [key, isScript(value) ? texts(value) : value]);
    const limits = limitsOf({ probe: asked, ...decision });
    return { probe, limits, verify: flat(verify), ...Object.fromEntries(scripts) };
  } catch (error) {
    if (!(error instanceof CannotTell)) throw error;
    const limits = limitsOf({ probe: asked });
    return { probe, limits, kind: 'cannot-tell', message: error.message, advice: error.advice, needs: error.needs };
  }
}

function answerOf(row: Case, asked: Script): Answer {
  const given = Object.entries(row.answer ?? {}).map(([section, text]): [string, Output] => {
    const { code = 0, stdout = '', stderr = '' } = typeof text === 'string' ? { stdout: text } : text;
    return [section, output(code, stdout, stderr)];
  });
  const sections = new Map(given);
  const looks = asked.sections.filter(({ text }) => /\bhw_(look|through)\b/.test(text));
  const places = new Set(looks.map(({ name }) => name));
  const apart = asked.sections.some(({ name }) => name === 'body');
  return Object.fromEntries(
    given.flatMap(([name, found]) => {
      if (!apart && /(^|[-.])body$/.test(name)) return [];
      const body = sections.get(/(^|-)entry$/.test(name) ? name.replace(/entry$/, 'body') : `${name}.body`);
      const told = places.has(name) && /(^|\n)\/[^\n]*\n$/.test(found.stdout);
      return [[name, told ? looked(found, body) : found]];
    }),
  );
}

/**
 * The shell function hw_look tells the path and the content in one answer, which rows give apart:
 * `entry` and `body`.
 */
function looked(entry: Output, body: Output = output(0)): Output {
  const text = `${entry.stdout.slice(0, -1)}\0${body.stdout}`;
  return body.code === 0 ? output(entry.code, text, entry.stderr) : output(2, text, body.stderr);
}

function isScript(value: unknown): value is Script {
  return typeof value === 'object' && value !== null && 'sections' in value;
}

function texts(script: Script): Record<string, string> {
  return Object.fromEntries(script.sections.map(({ name, text }) => [name, text]));
}

/** A proof of its own can only be told to be there. */
function flat(verify: Change['verify']): unknown {
  if (typeof verify === 'object') return { ...verify, ...(verify.proves && { proves: true }) };
  return verify ?? 'decide';
}

function limitsOf(parts: Readonly<Record<string, unknown>>): Record<string, number> {
  const limits = Object.entries(parts).map(([key, value]) => [key, isScript(value) ? value.limit : undefined]);
  return Object.fromEntries(limits.filter(([, limit]) => limit !== undefined));
}
