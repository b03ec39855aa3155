import { existsSync, readFileSync } from 'node:fs';
import type { AnyAuthMethod, BaseAgent, NextAuthHandler, ParsedKey } from 'ssh2';
import { onDemand } from '../../on-demand.ts';
import type { Target } from '../connection.ts';
import { Unreachable } from '../errors.ts';
import type { Passwords } from '../passwords.ts';
import type { SshSettings } from '../ssh-config.ts';

const ssh2 = () => onDemand('ssh2') as typeof import('ssh2');

/**
 * Offers the ways to log in, one after the other, in the order of OpenSSH (ssh_config(5),
 * IdentityFile): the agent's keys that the key files name, its other keys unless IdentitiesOnly
 * holds, the key files that the agent does not have, a password if there is one. A passphrase is
 * asked for only when its key is the next to try.
 */
export async function* loginMethods(
  { host, password: own, trace }: Target,
  settings: SshSettings,
  passwords: Passwords,
): AsyncGenerator<AnyAuthMethod> {
  const { user: username } = settings;
  const files = settings.identityFiles.filter(existsSync);
  const offered: Buffer[] = [];
  const missing = settings.identityFiles.filter(file => !files.includes(file));
  if (missing.length > 0) trace?.(`keys that do not exist: ${missing.join(', ')}`);
  if (settings.agent !== undefined && existsSync(settings.agent)) {
    const wanted = { keys: files.flatMap(publicKeyOf), only: settings.identitiesOnly };
    if (!wanted.only || wanted.keys.length > 0) {
      trace?.(`offers the ${wanted.only ? 'named ' : ''}keys of the agent at ${settings.agent}`);
      yield { type: 'agent', username, agent: agentWith(settings.agent, wanted, offered) };
    }
  }
  for (const file of files) {
    if (publicKeyOf(file).some(key => offered.some(other => other.equals(key)))) {
      trace?.(`leaves out the key ${file}: the agent has offered it`);
      continue;
    }
    const key = await readKey(file, passwords);
    trace?.(key ? `offers the key ${file}` : `leaves out the key ${file}: it cannot be read without its passphrase`);
    if (key) yield { type: 'publickey', username, key };
  }
  const password = own ?? (await passwords.login(host));
  trace?.(password === undefined ? 'has no password to offer' : 'offers the password');
  if (password === undefined) return;
  yield { type: 'password', username, password };
  yield {
    type: 'keyboard-interactive',
    username,
    prompt: (_name, _instructions, _language, prompts, finish) => finish(prompts.map(() => password)),
  };
}

/** What is known of a login while it goes on. */
export interface Attempt {
  /** Ways that were offered, for the message when none was accepted. */
  readonly tried: string[];
  /** Why no other way could be offered. */
  error?: Unreachable;
}

/** The handler that ssh2 asks for the next way. */
export function authHandler(methods: AsyncGenerator<AnyAuthMethod>, attempt: Attempt) {
  return (_left: unknown, _partial: unknown, next: NextAuthHandler): void => {
    methods.next().then(
      ({ done, value }) => {
        if (!done) attempt.tried.push(value.type);
        next(done ? (false as never) : value);
      },
      error => {
        if (error instanceof Unreachable) attempt.error = error;
        next(false as never);
      },
    );
  };
}

async function readKey(file: string, passwords: Passwords): Promise<ParsedKey | undefined> {
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch (cause) {
    throw new Unreachable('key.unreadable', `The private key ${file} cannot be read.`, {
      cause,
      hint: 'Look at its permissions.',
    });
  }
  const plain = parse(content);
  if (!(plain instanceof Error)) return plain;
  if (!/encrypted|passphrase/i.test(plain.message)) return undefined;
  const passphrase = await passwords.passphrase(file);
  if (passphrase === undefined) return undefined;
  const opened = parse(content, passphrase);
  return opened instanceof Error ? undefined : opened;
}

function parse(content: Buffer, passphrase?: string): ParsedKey | Error {
  const parsed = ssh2().utils.parseKey(content, passphrase);
  const [key = new Error('it has no key in it')] = Array.isArray(parsed) ? parsed : [parsed];
  return key;
}

function publicKeyOf(file: string): readonly Buffer[] {
  const published = `${file}.pub`;
  const parsed = existsSync(published) ? parse(readFileSync(published)) : undefined;
  return parsed && !(parsed instanceof Error) ? [parsed.getPublicSSH()] : [];
}

interface Wanted {
  /** Public keys that come first, in this order. */
  readonly keys: readonly Buffer[];
  /** Whether the agent's other keys are left out. */
  readonly only: boolean;
}

/**
 * An agent whose keys come in another order: a server gives up after a few wrong ones. What it
 * shows goes into `offered`.
 */
function agentWith(socket: string, { keys, only }: Wanted, offered: Buffer[]): BaseAgent {
  const agent = new (ssh2().OpenSSHAgent)(socket);
  const getIdentities = agent.getIdentities.bind(agent);
  const place = (key: unknown) => keys.findIndex(wanted => wanted.equals((key as ParsedKey).getPublicSSH()));
  agent.getIdentities = callback => {
    getIdentities((error, found) => {
      const all = found ?? [];
      const named = all.filter(key => place(key) >= 0).toSorted((one, two) => place(one) - place(two));
      const shown = only ? named : [...named, ...all.filter(key => place(key) < 0)];
      offered.push(...shown.map(key => (key as ParsedKey).getPublicSSH()));
      callback(error ?? undefined, shown as never);
    });
  };
  return agent;
}
