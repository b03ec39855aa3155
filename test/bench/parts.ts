import { distance } from './distance.ts';
import { farms } from './farm.ts';
import { fleet } from './fleet.ts';
import { image } from './image.ts';
import { journal } from './journal.ts';
import type { Part } from './part.ts';

import { start } from './start.ts';

/** All parts, in the order in which they run. */
export const parts: readonly Part[] = [...farms, distance, fleet, start, image, journal];
