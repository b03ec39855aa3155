import type { Change } from '../modules/module.ts';
import { join, type ShellText, sh } from '../shell/quote.ts';
import { type Answer, type Script, script } from '../shell/script.ts';

/** Bytes of a content that still travels in the script itself (DESIGN 3). */
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
  const guard = decision.guard
    ? [{ name: 'guard', text: decision.guard.sections.map(({ text }) => `( ${text}\n)`).join(' &&\n') }]
    : [];
  const puts = (decision.puts ?? []).flatMap(({ to, content }) => {
    const text = typeof content === 'string' ? content : content.text;
    if (text === undefined || !fitsScript(text)) return [];
    // The name can be guessed: what another user has put there must not be written through.
    return [{ name: `put ${to}`, text: sh`umask 077; rm -f -- ${to}; set -C; printf %s ${text} >${to}`.text }];
  });
  return { ...decision.apply, sections: [...taken, ...guard, ...puts, ...decision.apply.sections] };
}

/** Takes away what `puts` left when the apply did not come to use it. */
export function removePuts({ puts }: Change): Script | undefined {
  if (!puts || puts.length === 0) return undefined;
  return script({ remove: sh`rm -f -- ${puts.map(({ to }) => to)}` });
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
    return { name, text: `${name} left with exit code ${output.code}${said ? `: ${said}` : ''}` };
  }
  return undefined;
}

/** Sets the task's `environment` in each section. */
export function withEnvironment(plain: Script, environment: Readonly<Record<string, string>>): Script {
  const exports = Object.entries(environment).map(([name, value]) => sh`export ${name}=${value}`);
  if (exports.length === 0) return plain;
  const head = join(exports).text;
  return { ...plain, sections: plain.sections.map(({ name, text }) => ({ name, text: `${head}\n${text}` })) };
}
