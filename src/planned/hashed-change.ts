import type { Change } from '../decision.ts';
import { type HashText, hashWith } from '../journal/inputs.ts';
import { maskSecrets } from '../values/mask-secrets.ts';

/**
 * Hashes for a plan. Whoever reads the plan has its salt, and can try texts until one has the hash:
 * so secrets are taken out of a text before it is hashed.
 */
export interface Hasher {
  readonly text: HashText;
  /** @param own more texts that are secret in this value */
  readonly value: (value: unknown, own?: readonly string[]) => string;
}

/**
 * @param salt of the plan, as hexadecimal digits
 * @param secrets the same for who makes a plan and who applies it, else nothing would be equal
 */
export function hasher(salt: string, secrets: ReadonlySet<string>): Hasher {
  const hash = hashWith(Buffer.from(salt, 'hex'));
  const mask = maskSecrets(secrets);
  return {
    text: text => hash(mask(text)),
    value: (value, own = []) => hash(maskSecrets(new Set(own))(mask(JSON.stringify(value) ?? ''))),
  };
}

/** One difference, as hashes. */
export interface HashedDiff {
  readonly subject: string;
  readonly before: string;
  readonly after: string;
  /** The lines that go and those that come, wherever they are. */
  readonly lines: string;
}

/** What a change does, as hashes: enough to tell it from any other. */
export interface HashedChange {
  readonly diff: readonly HashedDiff[];
  /** What it makes, alters and removes. */
  readonly touches: readonly string[];
}

/** @param own more texts that are secret in this change */
export function hashedChange(
  { diff, creates = [], alters = [], removes = [] }: Change,
  { value }: Hasher,
  own: readonly string[] = [],
): HashedChange {
  const hash = (part: unknown) => value(part, own);
  return {
    diff: diff.map(({ subject, before, after }) => ({
      subject: hash(subject),
      before: hash(before),
      after: hash(after),
      lines: hash(linesOf(before, after)),
    })),
    touches: [creates, alters, removes].map(hash),
  };
}

/** The lines that a text loses and gets; one that only moves is neither. */
function linesOf(before: string, after: string): Readonly<Record<'gone' | 'come', readonly string[]>> {
  return { gone: linesWithout(before, after), come: linesWithout(after, before) };
}

function linesWithout(text: string, other: string): readonly string[] {
  const counts = new Map<string, number>();
  for (const line of other.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1);
  return text.split('\n').filter(line => {
    const left = counts.get(line) ?? 0;
    counts.set(line, left - 1);
    return left <= 0;
  });
}
