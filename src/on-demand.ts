import { createRequire } from 'node:module';

/**
 * Loads a package when it is first needed, for one that many runs never need, or not before a host
 * is on the line: what is imported costs every start its share.
 */
export const onDemand = createRequire(import.meta.url);
