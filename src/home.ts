import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The project that ships roles and templates: the folder above src/, and above dist/ where all of
 * src/ is one file.
 */
export const home = fileURLToPath(new URL('../', import.meta.url));

/** The version of package.json. */
export function version(): string {
  return (JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }).version;
}
