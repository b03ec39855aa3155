import type { Change } from '../../src/decision.ts';
import { type AnyModule, defineModule, type Module } from '../../src/modules/module.ts';
import { CannotTell } from '../../src/shell/answer.ts';
import { ask, type Look, look, map } from '../../src/shell/look.ts';
import { raw, type ShellText, sh } from '../../src/shell/quote.ts';
import { script } from '../../src/shell/script.ts';

interface FlagArgs {
  readonly path: string;
  readonly value: string;
}

interface FlagState {
  /** undefined: there is no file. */
  readonly value: string | undefined;
}

/**
 * A small right module: a file that holds a word. What a test takes out or puts in shows what the
 * engine makes of it.
 */
const flag = defineModule({
  name: 'flag',
  summary: 'A file that holds a word.',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['path', 'value'],
    properties: {
      path: { type: 'string', description: 'The file.' },
      value: { type: 'string', description: 'The word.' },
    },
  },
  returns: { type: 'object', properties: { value: { type: 'string' } } },
  examples: [],
  look: ({ path }) => flagLook(sh`if [ -e ${path} ]; then cat ${path}; else exit 3; fi`),
  decide: (args, state: FlagState) =>
    state.value === args.value
      ? { kind: 'ok', reason: 'holds it', result: { value: args.value } }
      : {
          kind: 'change',
          reason: `holds ${state.value ?? 'nothing'}`,
          diff: [{ subject: args.path, before: state.value ?? '', after: args.value }],
          apply: script({ write: sh`printf %s ${args.value} >${args.path}` }),
          creates: [{ kind: 'path', name: args.path }],
          result: { value: args.value },
        },
});

/** What the module sees where this text looks for the word; 3 says that there is no file. */
export function flagLook(text: ShellText): Look<FlagState> {
  return map(ask('cat', text, [0, 3]), ({ code, stdout }) => ({ value: code === 3 ? undefined : stdout }));
}

type FlagModule = Module<FlagArgs, FlagState>;

/** The module with parts replaced, under another name. */
export function flagWith(name: string, parts: Partial<FlagModule> = {}): AnyModule {
  return Object.freeze({ ...flag, ...parts, name });
}

/** The module with more in its change: hazards, a guard, a rehearsal, pending conditions. */
export function flagChanging(
  name: string,
  more: (args: FlagArgs, state: FlagState) => Partial<Change<FlagState>>,
): AnyModule {
  return flagWith(name, {
    decide: (args, state, context) => {
      const decision = flag.decide(args, state, context);
      return decision.kind === 'change' ? ({ ...decision, ...more(args, state) } as Change<FlagState>) : decision;
    },
  });
}

/** Modules with the faults that a module can have. */
export const defective = {
  appliesNothing: flagChanging('applies_nothing', () => ({ apply: script({ write: raw(':') }) })),
  stopsHalfWay: flagChanging('stops_half_way', args => ({
    apply: script({
      first: sh`printf half >${args.path}`,
      second: raw('echo no space left >&2; exit 1'),
      third: sh`printf %s ${args.value} >${args.path}`,
    }),
  })),
  callsUnreadableAbsent: flagWith('calls_unreadable_absent', {
    look: () => look({ look: raw('exit 13') }, () => ({ value: undefined })),
  }),
  cannotRead: flagWith('cannot_read', { look: () => flagLook(raw('echo Permission denied >&2; exit 13')) }),
  throws: flagWith('throws', {
    decide: () => {
      throw new TypeError('oops');
    },
  }),
  neverTells: flagWith('never_tells', {
    look: () =>
      map(flagLook(raw(':')), () => {
        throw new CannotTell('the lock is held', { advice: 'Wait for the other one.' });
      }),
  }),
};
