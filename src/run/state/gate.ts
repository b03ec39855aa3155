/** The gate of a play: where it does not hold on one host, it is shut for all. */
export interface Gate {
  /** It does not hold on this host. */
  readonly shut: (host: string) => void;
  /** The first host on which it does not hold; to be asked once all hosts have been through it. */
  readonly shutBy: () => string | undefined;
}

/** A gate that is open. */
export function createGate(): Gate {
  let by: string | undefined;
  return {
    shut: host => {
      by ??= host;
    },
    shutBy: () => by,
  };
}
