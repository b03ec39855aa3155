/** Attributes of a block queue that can be owned; one that was not given is not. */
export interface Settings {
  readonly scheduler?: string | undefined;
  readonly add_random?: number | undefined;
  readonly nr_requests?: number | undefined;
  readonly rq_affinity?: number | undefined;
  readonly read_ahead_kb?: number | undefined;
}

/** How disks differ for a scheduler. */
export type Kind = 'nvme' | 'solid_state' | 'rotating';

export const kinds: readonly Kind[] = ['nvme', 'solid_state', 'rotating'];

/**
 * Files below `queue/` in the order in which they are written: a new scheduler starts with its own
 * `nr_requests`. `write_cache` is none of them: a kernel that is told "write through" sends no
 * flushes any more, and a power cut loses what the guest believed to be written.
 */
export const attributes = ['scheduler', 'add_random', 'nr_requests', 'rq_affinity', 'read_ahead_kb'] as const;

export type Attribute = (typeof attributes)[number];

/** JSON Schema of {@link Settings}. */
export const settingsSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    scheduler: {
      type: 'string',
      pattern: '^[a-z][a-z0-9-]*$',
      description: 'none, mq-deadline, bfq, kyber: what the kernel offers.',
    },
    add_random: { enum: [0, 1], description: 'Whether its interrupts feed the random number generator.' },
    nr_requests: { type: 'integer', minimum: 4, maximum: 65536, description: 'Requests that may wait in the queue.' },
    rq_affinity: {
      enum: [0, 1, 2],
      description: 'Where requests end: anywhere, on the group of the CPU that began them, or on that very CPU.',
    },
    read_ahead_kb: {
      type: 'integer',
      minimum: 0,
      multipleOf: 4,
      description:
        'KiB that the host reads ahead; 0 for none. Guests whose disks bypass the cache of the host do not feel it.',
    },
  },
} as const;

/** The attributes that are given, with their values as the kernel takes them. */
export function given(settings: Settings | undefined): readonly (readonly [Attribute, string])[] {
  return attributes.flatMap(name => {
    const value = settings?.[name];
    return value === undefined || value === null ? [] : [[name, String(value)] as const];
  });
}
