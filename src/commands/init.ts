import { globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { exitCodes, HostwrightError, messageOf } from '../errors.ts';
import { home } from '../home.ts';
import { quote } from '../shell/quote.ts';
import { editorSettings } from './shared/editor-settings.ts';
import { invocation } from './shared/invocation.ts';

/** `hostwright init [DIR]` */
export function addInit(program: Command, done: (exitCode: number) => void): void {
  program
    .command('init')
    .description('Write a small project to begin with: inventory, playbook, role, settings. Overwrites nothing.')
    .argument('[folder]', 'where; made if it is not there', '.')
    .addHelpText('after', '\nExamples:\n  hostwright init kvm-hosts\n  hostwright init        in the working folder')
    .action((folder: string) => {
      const files = [...projectFiles()];
      const written = files.filter(([name, text]) => writeNew(join(folder, name), text)).map(([name]) => name);
      const kept = files.map(([name]) => name).filter(name => !written.includes(name));
      process.stdout.write(
        told('Written', folder, written) + told('There already, and left as it is', folder, kept) + nextSteps(folder),
      );
      done(exitCodes.done);
    });
}

/**
 * The files of a new project, by path: those of skeleton/, and what depends on where Hostwright is
 * installed.
 */
function projectFiles(): ReadonlyMap<string, string> {
  const skeleton = join(home, 'skeleton');
  const names = globSync('**/*', { cwd: skeleton }).filter(name => statSync(join(skeleton, name)).isFile());
  // npm leaves a file named .gitignore out of packages.
  const target = (name: string) => (name === 'gitignore' ? '.gitignore' : name);
  return new Map([
    ...names.toSorted().map((name): [string, string] => [target(name), readFileSync(join(skeleton, name), 'utf8')]),
    ['.vscode/settings.json', editorSettings()],
  ]);
}

/**
 * Writes a file that is not there yet.
 * @returns whether it was written.
 * @throws HostwrightError `init.file`
 */
function writeNew(file: string, text: string): boolean {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST' && statSync(dirname(file)).isDirectory()) return false;
    throw new HostwrightError('init.file', `${file} cannot be written: ${messageOf(cause)}`, {
      hint: 'Name another folder: hostwright init FOLDER',
      exitCode: exitCodes.usage,
      cause,
    });
  }
}

function told(what: string, folder: string, names: readonly string[]): string {
  return names.length === 0 ? '' : `${what}:\n${names.map(name => `  ${join(folder, name)}\n`).join('')}`;
}

function nextSteps(folder: string): string {
  const hostwright = invocation();
  const enter = resolve(folder) === process.cwd() ? `${hostwright} lint site.yml` : `cd ${quote(folder)}`;
  const lines = [enter, `${hostwright} play site.yml --check --diff`, `${hostwright} play site.yml`];
  return `Next:\n${lines.map(line => `  ${line}\n`).join('')}`;
}
