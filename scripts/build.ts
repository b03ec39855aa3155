// Makes dist/, which an installed Hostwright runs: one file of ours, for each file more makes every start slower. By hand: npm run build [-- FOLDER]
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
await build({
  entryPoints: [join(root, 'src/cli.ts')],
  outfile: join(process.argv[2] ?? root, 'dist/cli.js'),
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node22',
});
