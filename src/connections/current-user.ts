import { userInfo } from 'node:os';

/** The name of who runs this; in a container a user may have a number only. */
export function currentUser(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? String(process.getuid?.() ?? 'unknown');
  }
}
