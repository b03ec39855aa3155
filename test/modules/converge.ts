import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change, Decision } from '../../src/decision.ts';
import { partsOf } from '../../src/host/file/place.ts';
import type { AnyModule, Context } from '../../src/modules/module.ts';
import { type Sent, withNames } from '../../src/run/module/apply-script.ts';
import { CannotTell } from '../../src/shell/answer.ts';
import { sh } from '../../src/shell/quote.ts';
import { type Answer, type Script, script } from '../../src/shell/script.ts';
import type { Send } from '../../src/transfers.ts';
import { type LiveShell, liveShell } from '../live-shell.ts';
import { checkArguments, contextOf } from './arguments.ts';

/** The shells of this machine that a host may have. */
export const shells: readonly (readonly string[])[] = [['dash'], ['bash'], ['busybox', 'sh']].filter(
  ([program]) => spawnSync(program!, program === 'busybox' ? ['true'] : ['-c', ':']).status === 0,
);

/** Under busybox its own tools come first, so that scripts meet them and not GNU's. */
const busyboxTools = mkdtempSync(join(tmpdir(), 'hostwright-busybox-'));
spawnSync('busybox', ['--install', '-s', busyboxTools]);
process.on('exit', () => rmSync(busyboxTools, { recursive: true, force: true }));

const foldersWithout = new Map<string, string>();

/** A folder of links to every program of this machine but those. */
function programsWithout(missing: readonly string[]): string {
  const known = foldersWithout.get(missing.join());
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), 'hostwright-programs-'));
  foldersWithout.set(missing.join(), folder);
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const names = new Set(missing);
  for (const source of (process.env.PATH ?? '').split(':').filter(isFolder)) {
    for (const name of readdirSync(source).filter(each => !names.has(each))) {
      names.add(name);
      symlinkSync(join(source, name), join(folder, name));
    }
  }
  return folder;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

export interface Host {
  readonly shell: readonly string[];
  readonly files?: Parameters<typeof contextOf>[0];
  /** Programs that this host must not have. */
  readonly without?: readonly string[];
  /** A folder of programs that come before all others. */
  readonly tools?: string;
  /** The run that keeps what is replaced; without one nothing is kept. */
  readonly run?: string;
}

/** What the engine would do in check mode: probe and decide, and the rehearsal of a change. */
export function check(host: Host, module: AnyModule, given: object): Decision {
  const { args, context } = prepare(host, module, given);
  const decision = look(host, module, args, context);
  if (decision.kind === 'change' && decision.rehearse) runAll(host, decision.rehearse, 'rehearse');
  return decision;
}

/**
 * Brings this machine to the state by the contract: probe, decide, rehearse, put, guard, apply, and
 * verify.
 */
export function converge(host: Host, module: AnyModule, given: object): Decision {
  const { args, context } = prepare(host, module, given);
  const decision = look(host, module, args, context);
  if (decision.kind !== 'change') return decision;
  if (decision.rehearse) runAll(host, decision.rehearse, 'rehearse');
  for (const { to, content } of decision.puts ?? []) {
    runAll(host, script({ put: sh`umask 077 && printf %s ${content} > ${to}` }), 'put');
  }
  const sent = (decision.sends ?? []).map(one => send(host, one));
  if (decision.guard) runAll(host, decision.guard, 'guard');
  const applied = runAll(host, withNames(decision, sent, host.run), 'apply');
  return { ...decision, result: decision.report?.(applied) ?? verified(host, module, args, context, decision).result! };
}

/** Sends a content ahead. This harness sends text only, or a file of the machine. */
function send(host: Host, { goal, content }: Send): Sent {
  const key = randomUUID();
  const { directory } = partsOf(goal);
  const write = typeof content === 'string' ? sh`printf %s ${content}` : sh`cat <${content.path}`;
  const text = sh`umask 077; hw_cd ${directory}; hw_alone ${`./.hostwright.${key}`}; ${write} >${`./${key}`}`;
  runAll(host, script({ send: text }), 'send');
  return { goal, key };
}

type Verified = Decision & { readonly result?: Readonly<Record<string, unknown>> };

function verified(host: Host, module: AnyModule, args: object, context: Context, change: Change): Verified {
  const { verify } = change;
  if (verify === 'none') return change;
  const until = Date.now() + (verify?.within ?? 0) * 1000;
  for (;;) {
    const missing = whatIsMissing(host, module, args, context, change);
    if (typeof missing !== 'string') return missing;
    assert.ok(Date.now() < until, `did not converge: ${missing}`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
}

function whatIsMissing(
  host: Host,
  module: AnyModule,
  args: object,
  context: Context,
  change: Change,
): Verified | string {
  const proves = typeof change.verify === 'object' ? change.verify.proves : undefined;
  if (!proves) {
    const after = look(host, module, args, context);
    return after.kind === 'ok' ? after : JSON.stringify(after, null, 2);
  }
  const { probe, read } = module.look(args as never, context);
  return proves(read(run(host, probe))) ?? change;
}

function look(host: Host, module: AnyModule, args: object, context: Context): Decision {
  try {
    const { probe, read } = module.look(args, context);
    return module.decide(args, read(run(host, probe)), context);
  } catch (error) {
    if (!(error instanceof CannotTell)) throw error;
    return { kind: 'refuse', message: `cannot tell: ${error.message}`, advice: error.advice ?? '', needs: error.needs };
  }
}

function prepare(host: Host, module: AnyModule, given: object): { args: Record<string, unknown>; context: Context } {
  const { args, problems } = checkArguments(module, given);
  assert.deepEqual(problems, []);
  return { args, context: contextOf(host.files) };
}

function runAll(host: Host, script: Script, what: string): Answer {
  const answer = shellOf(host).run(script, true);
  for (const { name, text } of script.sections) {
    const { code, stderr } = answer[name]!;
    assert.equal(code, 0, `${what}: ${name} left with ${code}: ${stderr}\n${text}`);
  }
  return answer;
}

/** Runs each section in a sub-shell of its own, as the frame of a session does. */
export function run(host: Host, script: Script): Answer {
  return shellOf(host).run(script, false);
}

function shellOf({ shell, without, tools }: Host): LiveShell {
  const first = [tools ?? [], shell[0] === 'busybox' ? busyboxTools : []].flat();
  const path = [...first, without ? programsWithout(without) : process.env.PATH].join(':');
  return liveShell({ shell, env: { ...process.env, LC_ALL: 'C', PATH: path } });
}
