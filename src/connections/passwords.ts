/**
 * Where passwords come from: a prompt without echo, asked once for each question, or what the
 * command line has given.
 */
export interface Passwords {
  /** The login password; undefined if it is not given and cannot be asked for. */
  readonly login: (address: string) => Promise<string | undefined>;
  readonly passphrase: (keyFile: string) => Promise<string | undefined>;
  readonly become: (address: string) => Promise<string | undefined>;
}

export const noPasswords: Passwords = Object.freeze({
  login: async () => undefined,
  passphrase: async () => undefined,
  become: async () => undefined,
});
