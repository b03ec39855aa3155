import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { ReadStream } from 'node:tty';
import type { Passwords } from '../../connections/passwords.ts';
import { exitCodes, HostwrightError } from '../../errors.ts';
import type { RunFlags } from './options.ts';

/**
 * Passwords from files or from the terminal, asked once each, without echo. Every password goes
 * into `secrets`, so that it is masked wherever it turns up.
 */
export async function askPasswords(flags: RunFlags, secrets: Set<string>): Promise<Passwords> {
  const keep = (value: string | undefined) => {
    if (value !== undefined) secrets.add(value);
    return value;
  };
  const given = async (file: string | undefined, ask: boolean | undefined, question: string) =>
    keep(file === undefined ? (ask ? await prompt(question) : undefined) : readPassword(file));
  const login = await given(flags.connectionPasswordFile, flags.askPass, 'Login password: ');
  const become =
    (await given(flags.becomePasswordFile, flags.askBecomePass, 'Password to become another user: ')) ??
    (flags.askBecomePass ? login : undefined);
  const passphrases = new Map<string, Promise<string | undefined>>();
  let turn: Promise<unknown> = Promise.resolve();
  function passphrase(file: string): Promise<string | undefined> {
    const known = passphrases.get(file);
    if (known) return known;
    const asking = turn.then(async () => (hasTerminal() ? keep(await prompt(`Passphrase of ${file}: `)) : undefined));
    turn = asking;
    passphrases.set(file, asking);
    return asking;
  }
  return { login: async () => login, become: async () => become, passphrase };
}

function readPassword(file: string): string {
  if (!existsSync(file)) {
    throw new HostwrightError('password.file', `There is no password file ${file}.`, { exitCode: exitCodes.usage });
  }
  return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
}

function hasTerminal(): boolean {
  return process.stderr.isTTY === true && existsSync('/dev/tty');
}

async function prompt(question: string): Promise<string> {
  let terminal: number;
  try {
    terminal = openSync('/dev/tty', 'r+');
  } catch {
    throw new HostwrightError('password.terminal', 'There is no terminal to ask for a password.', {
      hint: 'Use --become-password-file or --connection-password-file.',
      exitCode: exitCodes.usage,
    });
  }
  const input = new ReadStream(terminal);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input, output: silent, terminal: true });
  process.stderr.write(question);
  try {
    return await new Promise<string>((resolve, reject) => {
      reader.on('SIGINT', () =>
        reject(new HostwrightError('interrupted', 'Interrupted.', { exitCode: exitCodes.interrupted })),
      );
      reader.question('', resolve);
    });
  } finally {
    process.stderr.write('\n');
    reader.close();
    input.destroy();
    try {
      closeSync(terminal);
    } catch {
      // The stream has closed it already.
    }
  }
}
