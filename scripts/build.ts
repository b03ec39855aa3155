// Makes dist/, which an installed Hostwright runs: one file, with the packages that every start
// needs, for each file more makes it slower; and the page of the manual. By hand:
// npm run build [-- FOLDER]
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { createProgram } from '../src/commands/program.ts';
import { manPage } from './pages/man-page.ts';

const root = join(import.meta.dirname, '..');
const folder = join(process.argv[2] ?? root, 'dist');
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/cli.ts'],
  outfile: join(folder, 'cli.js'),
  // What is loaded by onDemand (src/on-demand.ts) esbuild does not see: it stays in node_modules
  // until it is needed.
  bundle: true,
  metafile: true,
  // Packages of CommonJS ask for Node's own modules by it.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
  platform: 'node',
  format: 'esm',
  target: 'node22',
});

const packages = new Set(
  Object.keys(metafile.inputs).map(file => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]),
);
const licenses = [...packages].filter(name => name !== undefined).map(licenseOf);
writeFileSync(join(folder, 'LICENSES.txt'), licenses.join(`\n${'-'.repeat(80)}\n\n`));

const seconds = Number(process.env.SOURCE_DATE_EPOCH ?? Date.now() / 1000);
const date = new Date(seconds * 1000).toISOString().slice(0, 10);
writeFileSync(
  join(folder, 'hostwright.1'),
  manPage(
    createProgram(() => undefined),
    date,
  ),
);

/** The license of a package, which goes with every copy of it. */
function licenseOf(directory: string): string {
  const file = readdirSync(join(root, directory)).find(name => /^licen[cs]e/i.test(name));
  if (!file) throw new Error(`${directory} has no license to go with it`);
  return `${directory.replace(/^.*node_modules\//, '')}\n\n${readFileSync(join(root, directory, file), 'utf8')}`;
}
