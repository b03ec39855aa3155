/** JSON Schema of `lock_timeout`. */
export const lockTimeout = {
  type: 'integer',
  minimum: 0,
  default: 60,
  description: 'Seconds to wait until another package manager has finished.',
} as const;

/** JSON Schema of the results of the modules that install packages. */
export const packageReturns = {
  type: 'object',
  properties: {
    packages: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'Versions of the named packages that are installed.',
    },
    cache_updated: { type: 'boolean', description: 'Whether the lists of packages were fetched.' },
  },
} as const;
