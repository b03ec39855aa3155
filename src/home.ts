import { fileURLToPath } from 'node:url';

/**
 * The project that ships roles and templates: the folder above src/, and above dist/ where all of
 * src/ is one file.
 */
export const home = fileURLToPath(new URL('../', import.meta.url));
