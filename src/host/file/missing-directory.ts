import { type Refuse, refuse } from '../../decision.ts';

/** The refusal to make something in a directory that does not exist. */
export function refuseDirectory(directory: string): Refuse {
  return refuse(`the directory ${directory} does not exist`, 'Make it first (module file, state: directory).', {
    needs: [{ kind: 'path', name: directory }],
  });
}
