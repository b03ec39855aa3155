/** How schemas are read: ours, and those of roles. */
export const options = { allErrors: true, verbose: true, strict: true, allowUnionTypes: true, strictRequired: false };

/** Keywords of our own in schemas. */
export const vocabulary = [
  'x-aliases',
  'x-evaluated',
  'x-file',
  'x-file-unless',
  'x-form',
  'x-home',
  'x-later',
  'x-secret',
  'x-size',
];
