import { posix } from 'node:path';

/** A helper of templates: pure, on plain data. */
export interface TemplateHelper {
  readonly summary: string;
  readonly example: string;
  /** True for `default`, which may be asked about a name that is not there. */
  readonly acceptsUndefined?: boolean;
  readonly call: (...values: readonly unknown[]) => unknown;
}

/** Every helper that `{{ … }}` knows, beside Handlebars' own if, unless, each, with and lookup. */
export const templateHelpers: Readonly<Record<string, TemplateHelper>> = {
  default: {
    summary: 'The first value, or the second where the first is undefined or null.',
    example: '{{ default color "blue" }}',
    acceptsUndefined: true,
    call: (value, fallback) => value ?? fallback,
  },
  json: { summary: 'The value as JSON text.', example: '{{ json packages }}', call: value => JSON.stringify(value) },
  join: {
    summary: 'The items of a list with a separator between them.',
    example: '{{ join names ", " }}',
    call: (list, separator) =>
      asList('join', list)
        .map(String)
        .join(String(separator ?? ',')),
  },
  lower: {
    summary: 'The text in small letters.',
    example: '{{ lower name }}',
    call: value => String(value).toLowerCase(),
  },
  upper: {
    summary: 'The text in capital letters.',
    example: '{{ upper name }}',
    call: value => String(value).toUpperCase(),
  },
  basename: {
    summary: 'The last part of a path.',
    example: '{{ basename url }}',
    call: value => posix.basename(String(value)),
  },
  dirname: {
    summary: 'A path without its last part.',
    example: '{{ dirname path }}',
    call: value => posix.dirname(String(value)),
  },
  keys: {
    summary: 'The names of a map, as a list.',
    example: '{{ keys domains }}',
    call: value => Object.keys(value as object),
  },
};

function asList(helper: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`"${helper}" needs a list`);
  return value;
}
