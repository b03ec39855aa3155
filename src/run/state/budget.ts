/** How many hosts of a play may fail or be lost sight of before the others stop. */
export interface Budget {
  /** A batch of so many hosts begins. */
  readonly begin: (hosts: number) => void;
  /** A host has failed, or cannot be reached. */
  readonly spend: () => void;
  /** Why no host may start another task, once that is so. */
  readonly spent: () => string | undefined;
}

/**
 * The budget of a play, over each batch and over all its hosts: it is spent when more than this
 * share has failed. Without a limit it is spent when a whole batch has failed.
 * @param percent `max_fail_percentage`
 * @param fleet hosts of the play
 */
export function createBudget(percent: number | undefined, fleet: number): Budget {
  let failedInAll = 0;
  let failed = 0;
  let batch = fleet;
  function spent(): string | undefined {
    if (percent === undefined) return failed >= batch && failed > 0 ? 'every host of the batch has failed' : undefined;
    const limit = `max_fail_percentage is ${percent}`;
    if ((failed * 100) / batch > percent) return `${failed} of ${batch} hosts of the batch have failed, and ${limit}`;
    if ((failedInAll * 100) / fleet > percent) return `${failedInAll} of ${fleet} hosts have failed, and ${limit}`;
    return undefined;
  }
  return {
    begin: hosts => {
      failed = 0;
      batch = hosts;
    },
    spend: () => {
      failed += 1;
      failedInAll += 1;
    },
    spent,
  };
}
