import { cel } from './cel.ts';
import { renameOwnNames, renameReserved } from './own-names.ts';

/**
 * An expression as CEL has parsed it, with other names for variables that are called like its own
 * words.
 */
export interface ParsedExpression {
  readonly parsed: ReturnType<ReturnType<typeof cel>['parse']>;
  /** The name in what was parsed to the variable's. */
  readonly names: ReadonlyMap<string, string>;
}

/** Parses an expression, whose variables may have any names. @throws the error of CEL's parser */
export function parseExpression(text: string): ParsedExpression {
  const free = renameReserved(text);
  const written = cel().parse(free.text);
  const own = renameOwnNames(free.text, written.ast);
  const parsed = own.names.size === 0 ? written : cel().parse(own.text);
  return { parsed, names: new Map([...free.names, ...own.names]) };
}
