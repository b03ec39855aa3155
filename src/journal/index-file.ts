import { closeSync, constants, fstatSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { RunEntry } from './entry.ts';
import { loadSqlite } from './sqlite.ts';

/**
 * The entries of runs that are over, so that a list of runs reads no journal twice. The journals
 * are what counts: where the file is missing, locked, damaged or not to be written, nothing is
 * known here and nothing fails.
 */
export interface IndexFile {
  /** The entry of a run whose journal has this mark; undefined if it is not known. */
  readonly find: (id: string, mark: string) => RunEntry | undefined;
  readonly add: (entry: RunEntry, mark: string) => void;
  /**
   * Writes what was added.
   * @param ids the runs that there are; all others are forgotten
   */
  readonly close: (ids: readonly string[]) => void;
}

/** Marks and entries, as JSON, by the ids of runs. */
type Added = Map<string, readonly [mark: string, entry: string]>;

/** The version of what is in the file: of {@link RunEntry}, and of how it is found. */
const version = 1;

/** Milliseconds to wait for another process that writes. */
const timeout = 300;

/** Opens `index.db` of a state folder, and makes it where it is missing, damaged or older. */
export function openIndex(state: string): IndexFile {
  const path = join(state, 'index.db');
  const added: Added = new Map();
  let database = openSound(path);

  function attempt<T>(act: (database: DatabaseSync) => T): T | undefined {
    if (!database) return undefined;
    try {
      return act(database);
    } catch (error) {
      database.close();
      database = undefined;
      if (isDamaged(error)) remove(path);
      return undefined;
    }
  }
  return {
    find: (id, mark) =>
      attempt(opened => {
        const row = opened.prepare('SELECT entry FROM runs WHERE id = ? AND mark = ?').get(id, mark);
        return row && (JSON.parse(String(row.entry)) as RunEntry);
      }),
    add: (entry, mark) => {
      added.set(entry.id, [mark, JSON.stringify(entry)]);
    },
    close: ids => {
      attempt(opened => added.size > 0 && write(opened, added, ids));
      attempt(opened => opened.close());
    },
  };
}

/** The database, once more if it was damaged; undefined where it cannot be used. */
function openSound(path: string, isAgain = false): DatabaseSync | undefined {
  try {
    return openOwn(path);
  } catch (error) {
    if (isAgain || !isDamaged(error)) return undefined;
    remove(path);
    return openSound(path, true);
  }
}

/** Opens the database, which only its user may read. */
function openOwn(path: string): DatabaseSync {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  const { uid } = fstatSync(file);
  closeSync(file);
  if (uid !== process.getuid?.()) throw new Error('Another user could have made it up.');
  const { DatabaseSync: Database } = loadSqlite();
  const database = new Database(path, { timeout });
  try {
    makeTable(database);
    refuseDamaged(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function makeTable(database: DatabaseSync): void {
  const found = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  if (found === version) return;
  if (found > version) throw new Error('A newer Hostwright has made it.');
  database.exec(`
    BEGIN IMMEDIATE;
    DROP TABLE IF EXISTS runs;
    CREATE TABLE runs (id TEXT PRIMARY KEY, mark TEXT NOT NULL, entry TEXT NOT NULL) STRICT, WITHOUT ROWID;
    PRAGMA user_version = ${version};
    COMMIT`);
}

/** What is not where it should be is not always seen when a run is looked for. */
function refuseDamaged(database: DatabaseSync): void {
  const found = database.prepare('PRAGMA quick_check(1)').get()?.quick_check;
  if (found !== 'ok') throw Object.assign(new Error(String(found)), { errcode: damaged[0] });
}

function write(database: DatabaseSync, added: Added, ids: readonly string[]): void {
  database.exec('BEGIN IMMEDIATE');
  const insert = database.prepare('INSERT OR REPLACE INTO runs VALUES (?, ?, ?)');
  for (const [id, [mark, entry]] of added) insert.run(id, mark, entry);
  database.prepare('DELETE FROM runs WHERE id NOT IN (SELECT value FROM json_each(?))').run(JSON.stringify(ids));
  database.exec('COMMIT');
}

/** SQLITE_CORRUPT, SQLITE_NOTADB. */
const damaged: readonly number[] = [11, 26];

/** Whether an error tells that a file is not a sound database. */
function isDamaged(error: unknown): boolean {
  const { errcode = 0 } = error as { readonly errcode?: number };
  return error instanceof SyntaxError || damaged.includes(errcode & 0xff);
}

/** Also what a writer has left that was killed. */
function remove(path: string): void {
  for (const file of [path, `${path}-journal`]) rmSync(file, { force: true });
}
