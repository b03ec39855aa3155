import type { ArgumentProblem } from '../../callable.ts';
import { isHostPath } from '../../host/file/arguments.ts';
import { defineModule } from '../module.ts';
import { decidePath } from './decide-path.ts';
import { pathState } from './path-state.ts';
import { type Args, args, examples, returns } from './schema.ts';

export const file = defineModule({
  name: 'file',
  summary: 'Makes directories, links and empty files, removes paths, and owns their attributes.',
  description:
    'Without `state` it owns the attributes of what is there. `state: absent` removes a ' +
    'directory with all it holds, but never a mount point, what contains one, or a ' +
    'directory of the system. `recurse` names how many entries of which attributes would ' +
    'change, not each of them.',
  args,
  freeForm: 'path',
  returns,
  examples,
  problems,
  look: pathState,
  decide: decidePath,
});

function problems({ state, src, recurse, mode }: Args): ArgumentProblem[] {
  const linking = state === 'link' || state === 'hard';
  if (linking && src === undefined)
    return [{ argument: 'src', message: `state ${state} needs src: what it points to` }];
  if (!linking && src !== undefined) return [{ argument: 'src', message: 'is for state link and hard only' }];
  if (state === 'hard' && src !== undefined && !isHostPath(src))
    return [{ argument: 'src', message: 'of a hard link is an absolute path' }];
  if (recurse && state !== 'directory') return [{ argument: 'recurse', message: 'is for state directory only' }];
  if (state === 'link' && mode !== undefined)
    return [{ argument: 'mode', message: 'a symbolic link has no mode of its own' }];
  return [];
}
