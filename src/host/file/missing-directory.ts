import { type Refuse, refuse } from '../../decision.ts';

/**
 * The refusal to make something in a directory that does not exist, which an earlier task may make.
 * @param kind what is there in its place, if anything is
 */
export function refuseDirectory(directory: string, kind?: string): Refuse {
  return refuse(
    kind === undefined ? `the directory ${directory} does not exist` : `${directory} is a ${kind}, not a directory`,
    `Create it first: file: {path: ${directory}, state: directory}.`,
    { needs: [{ kind: 'path', name: directory }] },
  );
}
