import type { Diagnostic } from './diagnostic.ts';
import { isMap } from './source.ts';

/** What was left out of what was read, because it is broken. */
export interface LeftOut {
  /** Texts of it: names that seem to be missing may be in them. */
  readonly texts: readonly string[];
  /** There is more of which no text is known, as a role that is not there. */
  readonly more: boolean;
}

/** What is wrong with input, and what is therefore not in what was read of it. */
export interface Findings {
  readonly diagnostics: readonly Diagnostic[];
  readonly leftOut: LeftOut;
}

/** Findings of input in which nothing is wrong. */
export const nothingFound: Findings = Object.freeze({
  diagnostics: [],
  leftOut: Object.freeze({ texts: [], more: false }),
});

/** The findings of several inputs as those of one. */
export function joinFindings(parts: readonly Findings[]): Findings {
  return {
    diagnostics: parts.flatMap(({ diagnostics }) => diagnostics),
    leftOut: {
      texts: parts.flatMap(({ leftOut }) => leftOut.texts),
      more: parts.some(({ leftOut }) => leftOut.more),
    },
  };
}

/** Notes of what is left out. */
export interface Notes {
  /** Notes a part of a file, or something of which no text is known. */
  readonly leaveOut: (what?: unknown) => void;
  /** Whether what was left out may have this name in it. */
  readonly mayHave: (name: string) => boolean;
  readonly leftOut: () => LeftOut;
}

/** Begins with what was left out before. */
export function takeNotes(before: LeftOut): Notes {
  const texts = [...before.texts];
  let { more } = before;
  return {
    leaveOut: what => {
      if (what === undefined) more = true;
      else texts.push(typeof what === 'string' ? what : JSON.stringify(what));
      // The variable of a loop that is written in Ansible's way.
      if (isMap(what) && Object.keys(what).some(key => key.startsWith('with_'))) texts.push('item');
    },
    mayHave: name => more || texts.some(text => text.includes(name)),
    leftOut: () => Object.freeze({ texts: [...texts], more }),
  };
}
