import { resolve } from 'node:path';

const forms = 'Use https://, ssh://, git@HOST:PATH, file:// or a path.';

/**
 * What is wrong with the address of a repository, if anything is: git runs programs for some, and
 * would take others for options.
 */
export function addressFault(address: string): { readonly message: string; readonly hint: string } | undefined {
  if (address.startsWith('-')) return { message: `"${address}" begins with "-", as options do`, hint: forms };
  if (/[\x00-\x1f\x7f]/.test(address)) return { message: 'the address has a control character', hint: forms };
  if (/^https:\/\/[^/@]*:[^/@]*@/.test(address))
    return { message: 'the address has a password in it', hint: 'Keep it in a credential helper of git.' };
  if (/^https:\/\/[^\s/]/.test(address) || /^file:\/\/\//.test(address)) return undefined;
  if (/^ssh:\/\/(\w[^\s@/:]*@)?[A-Za-z0-9[]/.test(address)) return undefined;
  if (/^\w[\w.-]*@[A-Za-z0-9][\w.-]*:[^:]/.test(address)) return undefined;
  const scheme = /^([^/]*?):/.exec(address)?.[1];
  if (scheme === undefined) return undefined;
  return { message: `roles do not come from "${address}": git is not sent there`, hint: forms };
}

/** The address for git: a path is taken from the folder that names it. */
export function addressFrom(folder: string, address: string): string {
  return /^[^/]*:/.test(address) ? address : resolve(folder, address);
}
