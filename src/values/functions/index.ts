import { addressFunctions } from './addresses.ts';
import type { ValueFunction } from './function.ts';
import { listFunctions } from './lists.ts';
import { mapFunctions } from './maps.ts';
import { pathFunctions } from './paths.ts';
import { presenceFunctions } from './presence.ts';
import { shapeFunctions } from './shapes.ts';
import { sizeFunctions } from './sizes.ts';
import { textFunctions } from './texts.ts';
import { versionFunctions } from './versions.ts';

/** Functions of both languages, by what they are about. */
export const functionGroups: Readonly<Record<string, readonly ValueFunction[]>> = {
  'What may be missing': presenceFunctions,
  'Texts and hashes': textFunctions,
  Lists: [...listFunctions, ...shapeFunctions],
  'Maps and data as text': mapFunctions,
  'Paths, files and the environment of the controller': pathFunctions,
  Sizes: sizeFunctions,
  Versions: versionFunctions,
  'IP addresses': addressFunctions,
};

/** Every function of both languages. */
export const functions: readonly ValueFunction[] = Object.values(functionGroups).flat();
