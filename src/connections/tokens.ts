import { homedir } from 'node:os';
import { currentUser } from './current-user.ts';

/**
 * What the tokens of ssh_config(5), section TOKENS, mean for one host: the letter behind the
 * percent sign, and its text.
 */
export type Tokens = Readonly<Record<string, string>>;

interface Named {
  /** The name by which the host was asked for. */
  readonly address: string;
  readonly hostname: string;
  readonly port: number;
  readonly user: string;
  readonly hostKeyAlias: string | undefined;
}

/** The tokens of a host. */
export function tokensOf({ address, hostname, port, user, hostKeyAlias }: Named): Tokens {
  return {
    d: homedir(),
    h: hostname,
    i: String(process.getuid?.() ?? ''),
    k: hostKeyAlias ?? address,
    n: address,
    p: String(port),
    r: user,
    u: currentUser(),
  };
}

/**
 * Puts the texts of tokens in, once: a percent sign in one of them stays. A token that is not known
 * stays, too.
 */
export function expandTokens(text: string, tokens: Tokens): string {
  return text.replace(/%(.)/g, (whole, letter: string) => (letter === '%' ? '%' : (tokens[letter] ?? whole)));
}

/** A path of the ssh configuration: `~`, `${NAME}` of the environment, and tokens. */
export function expandPath(path: string, tokens: Tokens = { d: homedir() }): string {
  const inHome = path.replace(/^~(?=\/|$)/, () => homedir());
  return expandTokens(inHome, tokens).replace(/\$\{(\w+)\}/g, (whole, name: string) => process.env[name] ?? whole);
}
