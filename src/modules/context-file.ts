import type { LocalFile } from '../transfers.ts';
import type { Context } from './module.ts';

/** The file of the controller behind an argument with `x-file`, which is always brought. */
export function fileBehind(argument: string, { files }: Context): LocalFile {
  const file = files[argument];
  if (!file) throw new Error(`the file behind the argument ${argument} was not brought`);
  return file;
}
