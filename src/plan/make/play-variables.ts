import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { Play } from '../../language/model.ts';
import { readVariables } from '../../language/parse/read-role.ts';
import type { Problems } from '../../language/problems.ts';
import { inside } from '../../language/source.ts';
import type { Layer } from '../../values/scope.ts';
import { isTemplate } from '../../values/template.ts';
import { layerOf } from '../inherit.ts';

/**
 * The variables of a play: `vars`, then the files of `vars_files` as {@link readVarsFiles} has read
 * them.
 */
export function playLayers(play: Play, files: readonly Layer[]): readonly Layer[] {
  return [...(play.vars ? [layerOf(play.vars, `vars of play "${play.name}"`)] : []), ...files];
}

/** Reads the `vars_files` of a play. */
export function readVarsFiles(play: Play, problems: Problems): readonly Layer[] {
  const directory = dirname(play.part.source.file);
  return play.varsFiles.flatMap((name, at) => {
    if (isTemplate(name)) {
      const hint = 'For a name that differs from host to host, begin with the task include_vars.';
      problems.add(inside(play.part, 'vars_files', at), 'a file of variables of a play has a constant name', hint);
      problems.leaveOut();
      return [];
    }
    const file = isAbsolute(name) ? name : join(directory, name);
    if (!existsSync(file)) {
      problems.add(inside(play.part, 'vars_files', at), `the file ${file} does not exist`);
      problems.leaveOut();
      return [];
    }
    const read = readVariables(file, problems);
    return read ? [layerOf(read, file)] : [];
  });
}
