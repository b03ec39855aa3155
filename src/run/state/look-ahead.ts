import type { Session } from '../../connections/session.ts';
import type { Answer } from '../../shell/script.ts';
import type { Question } from './question.ts';

/**
 * Questions that are asked before their turn, and the one rule of when an answer counts: since it
 * was asked, nothing was applied on that machine, through whatever shell, and no task that waits
 * for time or outside events has ended. A machine is known by its boot id.
 */
export interface LookAhead {
  /** The answer to a question that was asked ahead, if it counts. It is given once. */
  readonly take: (session: Session, question: Question) => Promise<Answer> | undefined;
  /**
   * What has been learnt of the machine, by name. What is written here counts as an answer does,
   * for everyone and any number of times: once something is applied there, another map takes its
   * place.
   */
  readonly learnt: (session: Session) => Map<string, string>;
  /** Whether it was asked ahead, and its answer has not been taken. */
  readonly has: (session: Session, question: Question) => boolean;
  /** How many questions may go out ahead now. */
  readonly room: (session: Session) => number;
  /**
   * How many may go out with the first question to a machine that answers after so many
   * milliseconds.
   */
  readonly firstRoom: (roundTrip: number) => number;
  /**
   * Asks ahead; `proof` where it is asked behind a change, to prove it, and says nothing of how the
   * tasks to come will go.
   */
  readonly ask: (session: Session, question: Question, proof?: boolean) => void;
  /**
   * Something is applied through this session from here on.
   * @param everywhere hosts go in step: it counts for all machines
   * @returns ends it; `clean` where what was asked behind it, in the same shell, has seen the whole
   * of it.
   */
  readonly change: (session: Session, everywhere: boolean) => (clean: boolean) => void;
  /** Settles once no other shell of the machine is looking: what looks may hold a lock. */
  readonly quiet: (session: Session) => Promise<void>;
  /** What was asked so far on the machines of these sessions does not count. */
  readonly forget: (sessions: readonly Session[]) => void;
  /** What was asked so far does not count anywhere: other hosts begin. */
  readonly forgetAll: () => void;
  /** These sessions are given up. */
  readonly leave: (sessions: readonly Session[]) => void;
  /** Something goes on by itself on this machine: nothing is asked ahead there any more. */
  readonly unsettle: (session: Session) => void;
}

/** Questions out ahead on a host, where the command line does not say. */
export const defaultLookAhead = 64;

/** Questions of which none is taken, one after another, before they are thought of as left out. */
const patience = 8;

/** Milliseconds of a round trip from which on a second one costs more than many answers in vain. */
const far = 30;

interface Machine {
  readonly asked: Map<Session, Asked[]>;
  /**
   * How many questions go out ahead: some at first (all where the way is long), more with each
   * answer that was of use, one after a change, for the next task may well change something too.
   */
  window: number;
  /** Times that there was no room in a row. */
  full: number;
  unsettled: boolean;
  learnt: Map<string, string>;
  /** Questions that are not answered yet, by the shell that was asked. */
  readonly underway: Map<Promise<unknown>, Session>;
}

interface Asked {
  readonly key: string;
  readonly answer: Promise<Answer>;
  readonly proof: boolean;
}

interface Applying {
  readonly session: Session;
  readonly machine: Machine;
  readonly everywhere: boolean;
}

/**
 * @param window questions that may be out ahead on one machine; with 0 nothing is asked ahead.
 * @param still nothing will be changed, and no answer asked for in vain: all go out at once.
 */
export function createLookAhead(window: number, still = false): LookAhead {
  const machines = new Map<string, Machine>();
  const underway = new Set<Applying>();
  const few = Math.min(1, window);
  const firstRoom = (roundTrip: number) => (still || roundTrip >= far ? window : Math.min(8, window));

  function machineOf(session: Session): Machine {
    const { bootId } = session.identity();
    const machine = machines.get(bootId) ?? {
      asked: new Map(),
      underway: new Map(),
      window: firstRoom(session.roundTrip),
      full: 0,
      unsettled: bootId === '-',
      learnt: new Map(),
    };
    machines.set(bootId, machine);
    return machine;
  }
  function askedOf(session: Session): Asked[] {
    const { asked } = machineOf(session);
    const list = asked.get(session) ?? [];
    asked.set(session, list);
    return list;
  }
  function drop(machine: Machine, but?: Session): void {
    machine.learnt = new Map();
    for (const [session, list] of machine.asked) {
      if (session === but || list.length === 0) continue;
      list.length = 0;
      machine.window = few;
    }
  }
  /** Whether another shell is about to alter what this one would see. */
  function disturbed(session: Session): boolean {
    const machine = machineOf(session);
    return [...underway].some(other => other.session !== session && (other.everywhere || other.machine === machine));
  }
  function take(session: Session, question: Question): Promise<Answer> | undefined {
    if (window === 0 || disturbed(session)) return undefined;
    const machine = machineOf(session);
    const list = askedOf(session);
    const key = keyOf(question);
    const at = list.findIndex(asked => asked.key === key);
    // Tasks come in order: what was asked for those before this one is not needed any more.
    const taken = list.splice(0, at + 1).at(-1);
    if (!taken) return undefined;
    machine.full = 0;
    if (!taken.proof) machine.window = Math.min(window, machine.window * 2);
    return taken.answer;
  }
  function room(session: Session): number {
    const machine = machineOf(session);
    if (machine.unsettled || disturbed(session)) return 0;
    const list = askedOf(session);
    if (list.length < machine.window) return machine.window - list.length;
    machine.full += 1;
    if (machine.full < patience) return 0;
    // No task comes for these: theirs were left out.
    machine.full = 0;
    list.length = 0;
    return machine.window;
  }
  function ask(session: Session, question: Question, proof = false): void {
    const { underway: looking, unsettled } = machineOf(session);
    if (unsettled || disturbed(session)) return;
    const answer = session.ask(question.script, question.options);
    // What stands behind a change is not in the way of anybody: it has not begun.
    if (![...underway].some(change => change.session === session)) looking.set(answer, session);
    const answered = () => looking.delete(answer);
    answer.then(answered, answered);
    askedOf(session).push({ key: keyOf(question), answer, proof });
  }
  function change(session: Session, everywhere: boolean): (clean: boolean) => void {
    const machine = machineOf(session);
    const applying: Applying = { session, machine, everywhere };
    const touched = () => (everywhere ? [...machines.values()] : [machine]);
    for (const each of touched()) drop(each);
    machine.window = few;
    underway.add(applying);
    return clean => {
      underway.delete(applying);
      for (const each of touched()) drop(each, clean ? session : undefined);
    };
  }
  return {
    take,
    room,
    firstRoom,
    ask,
    change,
    learnt: session => {
      const { learnt, unsettled } = machineOf(session);
      return unsettled || disturbed(session) ? new Map() : learnt;
    },
    has: (session, question) => askedOf(session).some(({ key }) => key === keyOf(question)),
    quiet: async session => {
      const others = [...machineOf(session).underway].filter(([, by]) => by !== session);
      await Promise.allSettled(others.map(([answer]) => answer));
    },
    forget: sessions => {
      for (const session of sessions) drop(machineOf(session));
    },
    forgetAll: () => {
      for (const machine of machines.values()) drop(machine);
    },
    leave: sessions => {
      for (const session of sessions) machineOf(session).asked.delete(session);
    },
    unsettle: session => {
      machineOf(session).unsettled = true;
    },
  };
}

function keyOf({ script }: Question): string {
  return script.sections.map(({ name, text }) => `${name}\0${text}`).join('\0');
}
