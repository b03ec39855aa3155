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

/** One difference: what it is about as text for people, and all of it as hashes. */
export interface HashedDiff {
  readonly subject: string;
  readonly before: string;
  readonly after: string;
}

/** The differences that a change makes, as hashes. */
export function hashedDiffs({ diff }: Change, hash: HashValue): readonly HashedDiff[] {
  return diff.map(({ subject, before, after }) => ({
    subject: hash(subject),
    before: hash(before),
    after: hash(after),
  }));
}
