// npm run new-module NAME: writes a module that works, with its schema and its table of cases, to
// be changed from there.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { moduleFiles } from './pages/module-skeleton.ts';

const usage = `npm run new-module -- NAME

Writes a new module, which owns a value of the kernel, for you to make it yours:
  src/modules/NAME/schema.ts          its arguments, results and examples
  src/modules/NAME/NAME.ts            what it looks at, and what it decides
  test/modules/cases/NAME/decide.yml  what comes of it, case by case
`;

const root = join(import.meta.dirname, '..');
const [name, ...others] = process.argv.slice(2);
process.exitCode = write();

function write(): number {
  if (name === undefined || name === '--help' || others.length > 0) {
    process.stdout.write(usage);
    return name === '--help' ? 0 : 5;
  }
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name))
    return refuse(`"${name}" is not a name of a module. Use lower case letters, digits and _: block_queue.`);
  const files = moduleFiles(name);
  const existing = Object.keys(files).find(file => existsSync(join(root, file)));
  if (existing !== undefined) return refuse(`${existing} exists already.`);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text, { flag: 'wx' });
    process.stdout.write(`wrote ${file}\n`);
  }
  process.stdout.write(`\nNext:
  npm run schemas && npm run docs
  npm test -- test/modules/cases.test.ts test/modules/contract.test.ts test/modules/completeness.test.ts
`);
  return 0;
}

function refuse(message: string): number {
  process.stderr.write(`${message}\n`);
  return 5;
}
