import type { HazardNotice } from '../../decision.ts';

/** What a measurement does to the guests that run meanwhile. */
export function disturbs(subject: string, guests: number): readonly HazardNotice[] {
  if (guests === 0) return [];
  const running = guests === 1 ? '1 guest runs' : `${guests} guests run`;
  const because = `${running} here, slowed down by a measurement that they falsify`;
  return [{ hazard: 'service-interruption', subject, because }];
}
