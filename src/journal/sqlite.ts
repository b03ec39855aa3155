import { onDemand } from '../on-demand.ts';

type Sqlite = typeof import('node:sqlite');

/** Loads SQLite without the warning of Node 22 that it is experimental, which users cannot heed. */
export function loadSqlite(): Sqlite {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return onDemand('node:sqlite') as Sqlite;
  } finally {
    process.emitWarning = emitWarning;
  }
}
