import type { Foretold } from '../../shell/look.ts';
import { nameOf, type Token } from './tokens.ts';

/** The tokens of each boot entry. */
type Entries = readonly (readonly Token[])[];

/** Single parameters of the kernel's command line, as they are to be. */
interface Parameters {
  readonly names: readonly string[];
  readonly wanted: readonly Token[];
}

const key = 'boot entries';

/** What later tasks of check mode see of the boot entries once these parameters are set. */
export function leavingParameters(entries: Entries, { names, wanted }: Parameters): Readonly<Record<string, string>> {
  const set = entries.map(entry => [...entry.filter(token => !names.includes(nameOf(token))), ...wanted]);
  return { [key]: JSON.stringify(set) };
}

/** The boot entries as earlier tasks of check mode would have left them; undefined without any. */
export function foreseenEntries(foretold: Foretold): Entries | undefined {
  const text = foretold.get(key);
  return text === undefined ? undefined : JSON.parse(text);
}
