import type { RunAbout } from '../../src/run/state/run-options.ts';

/** How a run of a test begins. */
export const about: RunAbout = {
  title: 'test',
  origin: {
    operator: 'someone',
    controller: 'here',
    directory: '/',
    arguments: [],
    process: { id: 1, begun: 'boot 1' },
    versions: { hostwright: '0.0.0', node: '24' },
  },
};
