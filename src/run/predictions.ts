import type { Resource } from '../modules/module.ts';

/**
 * Whether check mode has predicted what a task needs: then its outcome is unknown, not failed. A folder stands for all in it; a missing program is
 * excused by any package; a need of `*` is met by anything of its kind.
 */
export function isPredicted(needs: readonly Resource[], predicted: readonly Resource[]): Resource | undefined {
  return needs.find(need => predicted.some(made => covers(made, need)));
}

function covers(made: Resource, need: Resource): boolean {
  if (need.kind === 'program' || (need.kind === 'unit' && made.kind === 'package')) return made.kind === 'package';
  if (made.kind !== need.kind) return false;
  if (made.name === need.name || need.name === '*') return true;
  return need.kind === 'path' && need.name.startsWith(`${made.name.replace(/\/$/, '')}/`);
}
