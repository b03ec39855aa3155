import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { exitCodes, HostwrightError, messageOf } from '../errors.ts';

/** Who is told of runs. */
export type Receiver =
  | {
      readonly kind: 'url';
      readonly url: string;
      /** What messages are signed with. */
      readonly secret?: string;
    }
  | { readonly kind: 'program'; readonly path: string };

/** What settings say of the receiver. */
export interface Wanted {
  readonly notifyUrl?: string;
  readonly notifySecretFile?: string;
  readonly notifyProgram?: string;
}

/**
 * The receiver that settings name; undefined where they name none.
 * @throws HostwrightError `notify.both`, `notify.url`, `notify.secret`
 */
export function receiverOf({ notifyUrl, notifySecretFile, notifyProgram }: Wanted): Receiver | undefined {
  if (notifyUrl !== undefined && notifyProgram !== undefined)
    throw unfit('both', 'notify names a URL and a program.', 'Leave one of them away: see "hostwright config".');
  if (notifyProgram !== undefined) return { kind: 'program', path: resolve(notifyProgram) };
  if (notifyUrl === undefined) return undefined;
  refuseOpen(notifyUrl);
  const secret = notifySecretFile === undefined ? undefined : secretIn(notifySecretFile);
  return { kind: 'url', url: notifyUrl, ...(secret === undefined ? {} : { secret }) };
}

/** Names of hosts and what is wrong with them do not cross a network in the clear. */
function refuseOpen(text: string): void {
  const { protocol, hostname } = URL.parse(text) ?? { protocol: '', hostname: '' };
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  if (protocol === 'https:' || (protocol === 'http:' && isHere)) return;
  throw unfit('url', 'The URL of notify must begin with https://.', 'Only this machine itself may have http://.');
}

function secretIn(file: string): string {
  let secret: string;
  try {
    secret = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw unfit('secret', `The secret of notify cannot be read: ${messageOf(error)}`, 'Name another file.');
  }
  if (secret !== '') return secret;
  throw unfit('secret', `The secret file of notify is empty: ${file}`, 'Write the secret into it.');
}

function unfit(code: string, message: string, hint: string): HostwrightError {
  return new HostwrightError(`notify.${code}`, message, { hint, exitCode: exitCodes.usage });
}
