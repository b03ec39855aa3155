import { createHmac } from 'node:crypto';
import type { Change } from '../decision.ts';

/** Hashes a value with the salt of a plan, so that the plan does not give it away. */
export type HashValue = (value: unknown) => string;

/** @param salt of the plan, as hexadecimal digits */
export function hasher(salt: string): HashValue {
  const key = Buffer.from(salt, 'hex');
  return value =>
    createHmac('sha256', key)
      .update(JSON.stringify(value) ?? '')
      .digest('hex')
      .slice(0, 32);
}

/** One difference, as hashes. */
export interface HashedDiff {
  readonly subject: string;
  readonly before: string;
  readonly after: string;
}

/** What a change does, as hashes: enough to tell it from any other. */
export interface HashedChange {
  readonly diff: readonly HashedDiff[];
  /** What it makes, alters and removes. */
  readonly touches: readonly string[];
}

/** @param hash with the salt of the plan */
export function hashedChange({ diff, creates = [], alters = [], removes = [] }: Change, hash: HashValue): HashedChange {
  return {
    diff: diff.map(({ subject, before, after }) => ({
      subject: hash(subject),
      before: hash(before),
      after: hash(after),
    })),
    touches: [creates, alters, removes].map(hash),
  };
}
