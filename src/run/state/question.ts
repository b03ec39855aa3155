import type { SendOptions } from '../../connections/exchange.ts';
import type { Privilege } from '../../shell/become.ts';
import type { Script } from '../../shell/script.ts';

/** A question that a coming task will ask, and with whose rights. */
export interface UpcomingProbe {
  readonly become: Privilege | undefined;
  readonly question: Question;
}

/** What a task must know of a host before it can decide: its probe, which reads only. */
export interface Question {
  readonly script: Script;
  readonly options: SendOptions;
}
