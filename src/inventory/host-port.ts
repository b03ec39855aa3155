import type { Part } from '../language/source.ts';
import type { InventoryVariables } from './inventory.ts';
import { expandRange } from './ranges.ts';

/** A host as an inventory names it: `hv1`, `hv[1:3]`, `hv1:2222`, `[2001:db8::5]:2222`. */
export interface NamedHosts {
  readonly names: readonly string[];
  /** The port, as the first of their variables. */
  readonly variables: readonly InventoryVariables[];
}

/** The hosts that a word of an inventory names. @throws HostwrightError `inventory.range` */
export function namedHosts(word: string, file: string, part?: Part): NamedHosts {
  const { pattern, port } = splitPort(word);
  const values = { ansible_port: port };
  const origin = `host ${word} in ${file}`;
  const variables = port === undefined ? [] : [{ origin, values, literal: false, ...(part ? { part } : {}) }];
  return { names: expandRange(pattern), variables };
}

function splitPort(word: string): { readonly pattern: string; readonly port?: number } {
  const [, bracketed, itsPort] = /^\[([0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.%]*)\](?::(\d+))?$/i.exec(word) ?? [];
  if (bracketed !== undefined)
    return { pattern: bracketed, ...(itsPort === undefined ? {} : { port: Number(itsPort) }) };
  // The colons of a range, and those of an address of IPv6, are not that of a port.
  const [, pattern, port] = /^((?:[^:[\]]|\[[^\]]*\])+):(\d+)$/.exec(word) ?? [];
  return pattern === undefined ? { pattern: word } : { pattern, port: Number(port) };
}
