import type { Resource } from '../../shell/answer.ts';

/**
 * What check mode has foretold; `anything` is what a task names whose own outcome is unknown: it
 * may make it, whatever it is.
 */
export type Prediction = Resource | { readonly kind: 'anything'; readonly name: string };
