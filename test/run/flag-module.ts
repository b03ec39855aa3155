import type { Change } from '../../src/decision.ts';
import { type AnyModule, defineModule, type Module } from '../../src/modules/module.ts';
import { accept, CannotTell } from '../../src/shell/answer.ts';
import { raw, sh } from '../../src/shell/quote.ts';
import { type Answer, script } from '../../src/shell/script.ts';

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
  probe: args => script({ look: sh`if [ -e ${args.path} ]; then cat ${args.path}; else exit 3; fi` }),
  read: readFlag,
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

function readFlag(answer: Answer): FlagState {
  const { code, stdout } = accept(answer, 'look', [0, 3], 'cat');
  return { value: code === 3 ? undefined : stdout };
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
    probe: () => script({ look: raw('exit 13') }),
    read: () => ({ value: undefined }),
  }),
  cannotRead: flagWith('cannot_read', { probe: () => script({ look: raw('echo Permission denied >&2; exit 13') }) }),
  throws: flagWith('throws', {
    decide: () => {
      throw new TypeError('oops');
    },
  }),
  neverTells: flagWith('never_tells', {
    read: () => {
      throw new CannotTell('the lock is held', { advice: 'Wait for the other one.' });
    },
  }),
};
