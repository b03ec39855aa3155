import { homedir } from 'node:os';
import { basename, extname, isAbsolute, join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { currentUser } from '../connections/current-user.ts';
import { exitCodes, HostwrightError } from '../errors.ts';
import { stateFolder } from '../journal/folder.ts';
import { printable, printableLines } from '../reporters/printable.ts';
import { quote } from '../shell/quote.ts';
import { enableTimer } from '../timer/enable.ts';
import { type Nightly, unitsOf } from '../timer/units.ts';
import { writeUnits } from '../timer/write-units.ts';
import { type DriftFlags, withDriftOptions } from './drift.ts';
import { optionWords } from './shared/option-words.ts';

interface TimerFlags extends DriftFlags {
  readonly at: string;
  readonly name?: string;
  readonly system?: boolean;
  readonly install?: boolean;
  readonly directory?: string;
}

/** `hostwright timer drift PLAYBOOK…` */
export function addTimer(program: Command, done: (exitCode: number) => void): void {
  const command = program
    .command('timer')
    .description('Have systemd run a command each night.')
    .addHelpText(
      'after',
      `
Examples:
  hostwright timer drift site.yml -i inventory.yml            show the units
  hostwright timer drift site.yml -i inventory.yml --install  and begin`,
    );
  const drift = withDriftOptions(
    command.command('drift').description('Have systemd say each night what deviates: "hostwright drift".'),
  );
  drift
    .option('--at <time>', 'the time of day, at most 15 minutes before it begins', timeOfDay, '02:30')
    .option('--name <name>', 'of the units (default: after the first playbook)', unitName)
    .option('--system', 'for the systemd of the machine; without it, for that of the user')
    .option('--install', 'put the units where systemd reads them, and begin')
    .option('-o, --directory <folder>', 'write the units to a folder')
    .addHelpText(
      'after',
      `
Without --install and -o, the units are printed. What needs a terminal cannot be
asked at night: passwords come from files.

Examples:
  hostwright timer drift site.yml -i inventory.yml
  hostwright timer drift site.yml -i inventory.yml --at 03:15 --install
  sudo hostwright timer drift site.yml --system --install`,
    )
    .action((files: string[], flags: TimerFlags) => done(timer(drift, files, flags)));
}

/** Options of this command that `drift` has not, and one that it is given anyway. */
const own: readonly string[] = ['at', 'name', 'system', 'install', 'directory', 'state'];

function timer(command: Command, files: readonly string[], flags: TimerFlags): number {
  refuseUnfit(flags);
  const units = unitsOf(nightlyOf(command, files, flags));
  if (flags.install) {
    const folder = flags.system ? '/etc/systemd/system' : folderOfUser();
    tell(writeUnits(folder, units));
    enableTimer(nameOf(files, flags), !flags.system, line => process.stdout.write(`${printable(line)}\n`));
  } else if (flags.directory === undefined) {
    const texts = Object.entries(units).map(([name, text]) => `# ${name}\n${text}`);
    process.stdout.write(printableLines(texts.join('\n')));
  } else {
    tell(writeUnits(flags.directory, units));
  }
  return exitCodes.done;
}

function tell(paths: readonly string[]): void {
  for (const path of paths) process.stdout.write(`wrote ${printable(path)}\n`);
}

function nightlyOf(command: Command, files: readonly string[], flags: TimerFlags): Nightly {
  const words = ['drift', ...files.map(asFile), ...optionWords(command, own)];
  const [, script = ''] = process.argv;
  return {
    name: nameOf(files, flags),
    // Where runs are recorded follows from the shell's environment, which systemd does not have.
    command: [process.execPath, script, ...words, '--state', resolve(stateFolder(flags.state))],
    title: ['hostwright', ...words].map(quote).join(' '),
    directory: process.cwd(),
    at: flags.at,
    ...(flags.system ? { user: currentUser() } : {}),
  };
}

/** A path that cannot be taken for an option. */
function asFile(path: string): string {
  return path.startsWith('-') ? `./${path}` : path;
}

function nameOf([first = '']: readonly string[], { name }: Pick<TimerFlags, 'name'>): string {
  return name ?? `hostwright-drift-${basename(first, extname(first)).replaceAll(/[^\w.-]/g, '_')}`.slice(0, longest);
}

/** Characters of a name, with room for its ending (systemd.unit(5): 255 in all). */
const longest = 200;

/** @throws HostwrightError for what a unit cannot have */
function refuseUnfit({ install, directory, askPass, askBecomePass, extraVars }: TimerFlags): void {
  if (install && directory !== undefined)
    throw unfit('--install and -o cannot be had together.', '--install knows its folder: leave -o away.');
  if (askPass || askBecomePass)
    throw unfit(
      'At night, no one is there to type a password.',
      'Give --connection-password-file or --become-password-file instead.',
    );
  if (extraVars.some(each => !each.startsWith('@')))
    throw unfit('Everyone on this machine could read the values of -e in the unit.', 'Write them to a file: -e @FILE.');
  if (/[\n\r]|[\s\\]$/.test(process.cwd()))
    throw unfit('systemd cannot work in this folder: its name ends in a space or has a line break.', 'Rename it.');
}

function unfit(message: string, hint: string): HostwrightError {
  return new HostwrightError('timer.unfit', message, { hint, exitCode: exitCodes.usage });
}

/** Where systemd looks for the units of a user (systemd.unit(5)). */
function folderOfUser(): string {
  const { XDG_CONFIG_HOME: home = '' } = process.env;
  return join(isAbsolute(home) ? home : join(homedir(), '.config'), 'systemd', 'user');
}

function timeOfDay(text: string): string {
  if (/^([01]\d|2[0-3]):[0-5]\d$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a time of day such as 02:30.');
}

function unitName(text: string): string {
  if (/^[A-Za-z0-9][\w.-]*$/.test(text) && text.length <= longest) return text;
  throw new InvalidArgumentError(`It must have letters, digits, "_", "-" and ".", at most ${longest}.`);
}
