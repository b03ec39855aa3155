import type { Args } from './schema.ts';

/** The image that is to be in the drive; undefined where none is to be. */
export function attachedBy({ source, state }: Pick<Args, 'source' | 'state'>): string | undefined {
  return state === 'attached' ? source : undefined;
}

/** What a drive that is added is for. */
export function imagesOf({ match, source }: Pick<Args, 'match' | 'source'>): string {
  return match ?? source ?? '';
}
