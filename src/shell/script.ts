import type { ShellText } from './quote.ts';

/**
 * One named part of a script: it runs in a sub-shell of its own, with stdin from /dev/null, and has
 * its own answer.
 */
export interface Section {
  readonly name: string;
  readonly text: string;
  /** It needs no sub-shell: see `inShell` in quote.ts. */
  readonly inShell?: true;
}

/** What goes to a host in one write: sections in order. */
export interface Script {
  readonly sections: readonly Section[];
  /**
   * Seconds after which the script is stopped; absent: the engine's limit for its kind (a probe 30
   * s, an apply 30 min).
   */
  readonly limit?: number;
}

/** What one section printed. Text is UTF-8, decoded once, never trimmed. */
export interface Output {
  /** The exit code, 128 + n for a signal n as the shell reports it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as it came, for what is not text. */
  readonly bytes: Uint8Array;
}

/**
 * The answers of a script by section name. A section that did not run (one before it failed) has
 * none.
 */
export type Answer = Readonly<Record<string, Output>>;

/** Makes a script of named sections: `script({ vgs: sh`vgs …`, pvs: sh`pvs …` })`. */
export function script(sections: Readonly<Record<string, ShellText>>, options: { limit?: number } = {}): Script {
  const list = Object.entries(sections).map(([name, { text, inShell }]) =>
    Object.freeze({ name, text, ...(inShell && { inShell }) }),
  );
  return Object.freeze({ sections: Object.freeze(list), ...options });
}

/** One script after the other. Sections of the same name get a number. */
export function inOrder(...scripts: readonly (Script | undefined)[]): Script {
  const seen = new Map<string, number>();
  const sections = scripts.flatMap(one => one?.sections ?? []);
  return {
    sections: sections.map(section => {
      const count = (seen.get(section.name) ?? 0) + 1;
      seen.set(section.name, count);
      return count === 1 ? section : { ...section, name: `${section.name}-${count}` };
    }),
  };
}

/** The answer of a section from its texts: what table tests and readers of stored output use. */
export function output(code: number, stdout = '', stderr = ''): Output {
  return { code, stdout, stderr, bytes: new TextEncoder().encode(stdout) };
}
