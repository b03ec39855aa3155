import { existsSync, readFileSync } from 'node:fs';
import type { AnyAuthMethod, BaseAgent, NextAuthHandler, ParsedKey } from 'ssh2';
import { onDemand } from '../on-demand.ts';
import { Unreachable } from './errors.ts';
import type { Passwords } from './passwords.ts';
import type { SshSettings } from './ssh-config.ts';

const ssh2 = () => onDemand('ssh2') as typeof import('ssh2');

/**
 * Offers the ways to log in, one after the other: the key files of the host, the agent's keys (only those of the key files where IdentitiesOnly holds),
 * a password if there is one. A passphrase is asked for only when its key is the next to try.
 */
export async function* loginMethods(
  settings: SshSettings,
  passwords: Passwords,
  address: string,
): AsyncGenerator<AnyAuthMethod> {
  const { user: username } = settings;
  const agent = settings.agent !== undefined && existsSync(settings.agent) ? settings.agent : undefined;
  const files = settings.identityFiles.filter(existsSync);
  const publicKeys = files.flatMap(publicKeyOf);
  if (agent !== undefined && !settings.identitiesOnly) yield { type: 'agent', username, agent };
  if (agent !== undefined && settings.identitiesOnly && publicKeys.length > 0) {
    yield { type: 'agent', username, agent: onlyThese(agent, publicKeys) };
  }
  for (const file of files) {
    const key = await readKey(file, passwords);
    if (key) yield { type: 'publickey', username, key };
  }
  const password = await passwords.login(address);
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
}

/** The handler that ssh2 asks for the next way. */
export function authHandler(methods: AsyncGenerator<AnyAuthMethod>, attempt: Attempt) {
  return (_left: unknown, _partial: unknown, next: NextAuthHandler): void => {
    methods.next().then(
      ({ done, value }) => {
        if (!done) attempt.tried.push(value.type);
        next(done ? (false as never) : value);
      },
      () => next(false as never),
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
  return Array.isArray(parsed) ? parsed[0]! : parsed;
}

function publicKeyOf(file: string): readonly Buffer[] {
  const beside = `${file}.pub`;
  const parsed = existsSync(beside) ? parse(readFileSync(beside)) : undefined;
  return parsed && !(parsed instanceof Error) ? [parsed.getPublicSSH()] : [];
}

/** An agent that shows only some of its keys: a server gives up after a few wrong ones. */
function onlyThese(socket: string, keys: readonly Buffer[]): BaseAgent {
  const agent = new (ssh2().OpenSSHAgent)(socket);
  const getIdentities = agent.getIdentities.bind(agent);
  agent.getIdentities = callback => {
    getIdentities((error, found) => {
      const own = (found ?? []).filter(key => keys.some(wanted => wanted.equals((key as ParsedKey).getPublicSSH())));
      callback(error ?? undefined, own as never);
    });
  };
  return agent;
}
