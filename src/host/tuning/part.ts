/** One thing that is tuned, as it is stored and as it is. */
export interface Part {
  readonly part: string;
  /** As text; empty where it says nothing, null where nothing is known to store it. */
  readonly configured: string | null;
  /** Null for what is off, or not there. */
  readonly live: string | null;
  /**
   * What must happen for the live value to be the configured one; null where it is, or where
   * nothing stores it.
   */
  readonly waits: 'guest-restart' | 'reboot' | 'apply' | null;
}

/** A part of which only the live value is known. */
export function liveOnly(part: string, live: string): Part {
  return { part, configured: null, live, waits: null };
}
