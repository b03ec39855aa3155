import type { Foretold } from '../../shell/look.ts';
import { type Document, formatXml, parseXml } from './xml.ts';

/** What a change leaves of a domain: its definition, and what it runs with. */
type Documents = { readonly [Part in 'definition' | 'running']?: Document | undefined };

/** The domain that is meant. */
interface Which {
  readonly name: string;
  readonly uri: string;
}

/** What later tasks of check mode see of a domain after a change. */
export function leaving(which: Which, documents: Documents): Readonly<Record<string, string>> {
  const texts = Object.entries(documents).flatMap(([part, document]) =>
    document ? [[keyOf(which, part), formatXml(document)]] : [],
  );
  return Object.fromEntries(texts);
}

/** The document as earlier tasks of check mode would have left it; undefined without any. */
export function foreseen(foretold: Foretold, which: Which, part: keyof Documents): Foreseen | undefined {
  const text = foretold.get(keyOf(which, part));
  return text === undefined ? undefined : { text, document: parseXml(text, 'domain', `what ${which.name} will be`) };
}

/** A document that is not on the host yet. */
interface Foreseen {
  readonly text: string;
  readonly document: Document;
}

function keyOf({ name, uri }: Which, part: string): string {
  return `domain ${uri} ${name} ${part}`;
}
