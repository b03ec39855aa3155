import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/**
 * The folders of src/ in the order in which data flows. A file imports from its own place and from
 * what stands before it.
 */
const flow = [
  ['errors.ts'],
  ['leave.ts'],
  ['on-demand.ts'],
  ['in-time.ts'],
  ['words.ts'],
  ['timers.ts'],
  ['home.ts'],
  ['events'],
  ['language'],
  ['inventory'],
  ['pinned'],
  ['shell'],
  ['transfers.ts'],
  ['decision.ts'],
  ['callable.ts'],
  ['host'],
  ['values'],
  ['facts'],
  ['modules'],
  ['plan'],
  ['connections'],
  ['run'],
  ['journal'],
  ['reporters', 'history', 'cluster'],
  ['planned'],
  ['advice', 'drift', 'restore', 'timer'],
  ['notify'],
  ['commands'],
  ['cli.ts'],
];

/** Files that may be longer than 250 lines, and why. */
const longFiles: Readonly<Record<string, string>> = {};

const files = globSync('src/**/*.ts').toSorted();

function roomOf(file: string): string {
  return file.split('/')[1]!;
}

function placeOf(room: string): number {
  return flow.findIndex(rooms => rooms.includes(room));
}

function importsOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  const found = text.matchAll(/^(?:import|export)\b[^;]*?from '(\.[^']+)';|\bimport\('(\.[^']+)'\)/gms);
  return [...found].map(match => normalize(join(dirname(file), (match[1] ?? match[2])!)));
}

describe('architecture', () => {
  it('has files to look at, all in known places', () => {
    assert.ok(files.length > 100);
    assert.deepEqual(
      files.filter(file => placeOf(roomOf(file)) < 0),
      [],
    );
  });

  it('imports one way, along the flow of data', () => {
    const wrong = files.flatMap(file =>
      importsOf(file)
        .filter(target => placeOf(roomOf(target)) > placeOf(roomOf(file)))
        .map(target => `${file} imports ${target}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('keeps rooms of the same place apart', () => {
    const wrong = files.flatMap(file =>
      importsOf(file)
        .filter(target => roomOf(target) !== roomOf(file) && placeOf(roomOf(target)) === placeOf(roomOf(file)))
        .map(target => `${file} imports ${target}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('lets a module see shells, errors and types, and no connection', () => {
    const allowed = new Set([
      'errors.ts',
      'in-time.ts',
      'words.ts',
      'on-demand.ts',
      'shell',
      'transfers.ts',
      'decision.ts',
      'callable.ts',
      'host',
      'modules',
      'events',
    ]);
    const wrong = files
      .filter(file => ['host', 'modules'].includes(roomOf(file)))
      .flatMap(file =>
        importsOf(file)
          .filter(target => !allowed.has(roomOf(target)))
          .map(target => `${file} imports ${target}`),
      );
    assert.deepEqual(wrong, []);
  });

  it('has no circles of imports, be it of types', () => {
    assert.deepEqual(circlesIn(new Map(files.map(file => [file, importsOf(file)]))), []);
  });

  it('has no circles of folders', () => {
    const between = new Map<string, string[]>();
    for (const file of files.filter(one => !lists.has(one))) {
      const from = folderOf(file);
      const targets = importsOf(file).map(folderOf);
      between.set(from, [...(between.get(from) ?? []), ...targets.filter(target => target !== from)]);
    }
    assert.deepEqual(circlesIn(between), []);
  });

  it('has folders of at most thirty files', () => {
    const folders = Object.entries(Object.groupBy(files, dirname)).map(([name, inside = []]) => [name, inside.length]);
    assert.deepEqual(
      folders.filter(([, count]) => Number(count) > 30),
      [],
    );
  });

  it('quotes for the shell in one place', () => {
    const wrong = files.filter(file => file !== 'src/shell/quote.ts' && /'\\\\''/.test(readFileSync(file, 'utf8')));
    assert.deepEqual(wrong, []);
  });

  it('spreads no object that it writes out', () => {
    assert.deepEqual(
      files.filter(file => /\.\.\.\{/.test(readFileSync(file, 'utf8'))),
      [],
    );
  });

  it('has lines of at most 120 columns', () => {
    const wide = files.flatMap(file =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, at) => (line.length > 120 ? [`${file}:${at + 1}`] : [])),
    );
    assert.deepEqual(wide, []);
  });

  it('has comments of at most 100 columns', () => {
    const wide = files.flatMap(file =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter(line => line.length > 100 && /^ *(\/\/ (?!biome-ignore)|\/\*\* |\* )/.test(line))
        .map(line => `${file}: ${line.trim()}`),
    );
    assert.deepEqual(wide, []);
  });

  it('ends the process in one place', () => {
    const allowed = new Set(['src/leave.ts']);
    const wrong = files.filter(file => !allowed.has(file) && /process\.exit\(/.test(readFileSync(file, 'utf8')));
    assert.deepEqual(wrong, []);
  });

  it('measures time with a clock that is not set', () => {
    const measuring = files.filter(file => /^src\/(run|connections|shell|commands\/shared\/interrupt)/.test(file));
    const wrong = measuring.filter(file => /\bDate\.now\b/.test(readFileSync(file, 'utf8')));
    assert.deepEqual(wrong, []);
  });

  it('keeps files short', () => {
    const lengths = files.map(file => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }));
    const long = lengths.filter(({ file, lines }) => lines > 250 && !(file in longFiles));
    const median = lengths.map(({ lines }) => lines).toSorted((a, b) => a - b)[Math.floor(lengths.length / 2)]!;
    assert.deepEqual(long, []);
    assert.ok(median <= 75, `the median file has ${median} lines`);
  });

  it('says of every exported function what it is for', () => {
    const bare = files.flatMap(file => {
      const text = readFileSync(file, 'utf8');
      const found = text.matchAll(/^(.*)\nexport (?:async )?function\*? (\w+)/gm);
      return [...found].filter(([, before]) => !before!.trim().endsWith('*/')).map(([, , name]) => `${file}: ${name}`);
    });
    assert.deepEqual(bare, []);
  });
});

/** Files that list what is in the folders below them. */
const lists = new Set(['src/modules/index.ts']);

/**
 * The folder of a file. What others build upon is a place of its own: a file of src/, a contract.
 */
function folderOf(file: string): string {
  const folder = dirname(file);
  return folder === 'src' || file === 'src/modules/module.ts' || file === 'src/run/run.ts' ? file : folder;
}

/** Ways that lead back to where they began. */
function circlesIn(arrows: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const circles: string[] = [];
  function visit(place: string, chain: readonly string[]): void {
    if (chain.includes(place)) {
      circles.push([...chain.slice(chain.indexOf(place)), place].join(' -> '));
      return;
    }
    if (done.has(place)) return;
    for (const target of arrows.get(place) ?? []) visit(target, [...chain, place]);
    done.add(place);
  }
  for (const place of arrows.keys()) visit(place, []);
  return circles;
}
