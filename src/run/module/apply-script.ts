import type { Change } from '../../decision.ts';
import { partsOf, sentKey } from '../../host/file/place.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { type Answer, type Script, script } from '../../shell/script.ts';

/** Bytes of a content that still travels in the script itself. */
const inlineBytes = 65536;

/** Whether a content can travel in the script; else it goes ahead over a channel of its own. */
export function fitsScript(content: string): boolean {
  return Buffer.byteLength(content) <= inlineBytes && !content.includes('\0');
}

/**
 * Lock, guard, small contents and the module's own sections, as one script: one round trip.
 * @param lock takes the host for this run; absent where this shell has it already.
 */
export function applyScript(decision: Change, lock?: ShellText): Script {
  const taken = lock ? [{ name: 'lock', text: lock.text }] : [];
  const guard = decision.guard ? [{ name: 'guard', text: allHold(decision.guard) }] : [];
  const puts = (decision.puts ?? []).flatMap(({ to, content }) => {
    if (!fitsScript(content)) return [];
    return [{ name: `put ${to}`, text: sh`umask 077; rm -f -- ${to}; set -C; printf %s ${content} >${to}`.text }];
  });
  return { ...decision.apply, sections: [...taken, ...guard, ...puts, ...decision.apply.sections] };
}

/** A guard in one section: each of its own in a sub-shell, but for the only one. */
function allHold({ sections }: Script): string {
  const [only, second] = sections;
  return only && !second ? only.text : sections.map(({ text }) => `( ${text}\n)`).join(' &&\n');
}

/** Takes away what `puts` and `sends` left when the apply did not come to use it. */
export function removePuts({ puts = [] }: Change, sent: readonly Sent[]): Script | undefined {
  const texts = [
    puts.length > 0 && sh`rm -f -- ${puts.map(({ to }) => to)}`,
    ...sent.map(({ goal, key }) => sh`( hw_unsend ${partsOf(goal).directory} ${key} )`),
  ].filter(text => text !== false);
  return texts.length === 0 ? undefined : script({ remove: join(texts) });
}

/** A content that was sent ahead, by the goal that it is for. */
export interface Sent {
  readonly goal: string;
  readonly key: string;
}

/**
 * The apply of a change, each section of which knows the keys of what was sent ahead, and the run
 * that keeps what it replaces.
 * @param run the id of its journal; without one nothing is kept.
 */
export function withNames({ apply, replaces }: Change, sent: readonly Sent[], run: string | undefined): Script {
  const keys = sent.map(({ goal, key }) => sh`${raw(sentKey(goal))}=${key}`);
  const keepsFiles = run !== undefined && replaces?.some(({ kind }) => kind === 'file');
  return withHead(apply, keepsFiles ? [...keys, sh`hw_run=${run}`] : keys);
}

/** The first section that failed or did not run, and what it said. */
export function failedSection(
  { sections }: Script,
  answer: Answer,
): { readonly name: string; readonly text: string } | undefined {
  for (const { name } of sections) {
    const output = answer[name];
    if (!output) return { name, text: `"${name}" did not run` };
    if (output.code === 0) continue;
    const said = (output.stderr.trim() || output.stdout.trim()).slice(-4000);
    return { name, text: `${name} exited with code ${output.code}${said ? `: ${said}` : ''}` };
  }
  return undefined;
}

/** Sets the task's `environment` in each section. */
export function withEnvironment(plain: Script, environment: Readonly<Record<string, string>>): Script {
  return withHead(
    plain,
    Object.entries(environment).map(([name, value]) => sh`export ${name}=${value}`),
  );
}

/**
 * Whether a task's `environment` may have any program start others, as PATH, LD_PRELOAD and
 * BASH_ENV do.
 */
export function startsOthers(environment: Readonly<Record<string, string>>): boolean {
  return Object.keys(environment).length > 0;
}

function withHead(plain: Script, lines: readonly ShellText[]): Script {
  if (lines.length === 0) return plain;
  const head = join(lines).text;
  return { ...plain, sections: plain.sections.map(({ name, text }) => ({ name, text: `${head}\n${text}` })) };
}
