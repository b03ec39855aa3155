import { driftFileSchema } from '../../drift/drift-file.ts';
import { eventSchema } from '../../events/event-schema.ts';
import { includeWords, keywords } from '../../language/parse/keywords.ts';
import { rolesFileSchema } from '../../pinned/wanted.ts';
import type { Catalogue } from '../../plan/catalogue.ts';
import { projectFileSchema } from '../settings/schema.ts';

type Schema = Readonly<Record<string, unknown>>;

const draft = 'http://json-schema.org/draft-07/schema#';
const steps: Schema = { type: 'array', items: { $ref: '#/definitions/step' } };
const calls: Schema = { type: 'array', items: { $ref: '#/definitions/call' } };

/** What stands for one argument is not a map: a map has the arguments by name. */
const scalars = ['string', 'number', 'boolean', 'array'];

/** What is not known before the run may take the place of any value. */
const template: Schema = { type: 'string', pattern: '\\{\\{' };

/**
 * JSON Schemas for editors by file name, made from the keywords of the language and the schemas of
 * modules and actions.
 */
export function editorSchemas(catalogue: Catalogue): Readonly<Record<string, Schema>> {
  const definitions = definitionsOf(catalogue);
  const modules = [...catalogue.values()].map(({ name, args }) => [
    `modules/${name}.json`,
    { $schema: draft, title: `Arguments of ${name}`, ...forEditors({ ...args }) },
  ]);
  return {
    'playbook.json': {
      $schema: draft,
      title: 'A playbook of Hostwright',
      type: 'array',
      items: { anyOf: [{ $ref: '#/definitions/play' }, { $ref: '#/definitions/import' }] },
      definitions,
    },
    'tasks.json': { $schema: draft, title: 'Tasks or handlers of a role of Hostwright', ...steps, definitions },
    'role-meta.json': {
      $schema: draft,
      title: 'meta/main.yml of a role of Hostwright',
      type: 'object',
      properties: { dependencies: calls, allow_duplicates: { type: 'boolean' } },
      definitions,
    },
    'events.json': { ...eventSchema() },
    'inventory.json': inventorySchema,
    'hostwright.json': { $schema: draft, title: 'hostwright.yml: the settings of a project', ...projectFileSchema },
    'roles.json': { $schema: draft, title: 'roles.yml of Hostwright: roles from git', ...rolesFileSchema },
    'drift.json': { $schema: draft, title: 'drift.yml of Hostwright: accepted deviations', ...driftFileSchema },
    ...Object.fromEntries(modules),
  };
}

function definitionsOf(catalogue: Catalogue): Schema {
  const modules = [...catalogue.values()].map(({ name, args, freeForm }) => {
    const own = { $ref: `#/definitions/arguments of ${name}` };
    const plain = freeForm === undefined ? [] : [{ type: scalars, ...args.properties[freeForm] }];
    const none = (args.required ?? []).length === 0 ? [{ type: 'null' }] : [];
    return [name, { anyOf: [own, ...plain.map(forEditors), ...none] }];
  });
  const args = [...catalogue.values()].map(one => [`arguments of ${one.name}`, withMore(forEditors({ ...one.args }))]);
  const include = { anyOf: [{ type: 'string' }, { type: 'object' }] };
  const includes = Object.keys(includeWords).map(word => [word, include]);
  return {
    play: closed(
      keywords.play,
      { ...stepLists('gate', 'pre_tasks', 'tasks', 'post_tasks', 'handlers'), roles: calls },
      ['hosts'],
    ),
    import: { type: 'object', required: ['import_playbook'], properties: { import_playbook: { type: 'string' } } },
    step: { anyOf: ['block', 'include', 'task'].map(kind => ({ $ref: `#/definitions/${kind}` })) },
    block: closed(keywords.block, stepLists('block', 'rescue', 'always'), ['block']),
    include: {
      ...closed(keywords.include, Object.fromEntries(includes), []),
      anyOf: Object.keys(includeWords).map(word => ({ required: [word] })),
    },
    task: {
      ...closed(keywords.task, Object.fromEntries(modules), []),
      patternProperties: { '^(ansible\\.(builtin|posix)|community\\.(general|libvirt))\\.': {} },
      not: { anyOf: ['block', ...Object.keys(includeWords)].map(word => ({ required: [word] })) },
    },
    call: { anyOf: [{ type: 'string' }, { type: 'object', properties: schemasOf(keywords.role) }] },
    ...Object.fromEntries(args),
  };
}

function stepLists(...names: readonly string[]): Schema {
  return Object.fromEntries(names.map(name => [name, steps]));
}

/** A map of keywords and nothing else. */
function closed(known: Schema, more: Schema, required: readonly string[]): Schema {
  return { type: 'object', additionalProperties: false, properties: { ...schemasOf(known), ...more }, required };
}

function schemasOf(known: Schema): Schema {
  const inEditors = (schema: Schema) => ('x-later' in schema ? orTemplate(schema) : forEditors(schema));
  return Object.fromEntries(Object.entries(known).map(([name, schema]) => [name, inEditors(schema as Schema)]));
}

/** `if: pending` and `_` are words of the engine next to a module's own arguments. */
function withMore(schema: Schema): Schema {
  const { properties } = schema as { properties?: Schema };
  return properties ? { ...schema, properties: { ...properties, if: { enum: ['pending'] }, _: {} } } : schema;
}

/**
 * A schema as editors know it: without words of our own, with templates in the place of values, and
 * other names for arguments.
 */
function forEditors(schema: Schema): Schema {
  const kept = Object.entries(schema).filter(([key]) => !key.startsWith('x-'));
  const inner = kept.map(([key, value]) => {
    if (key === 'properties') return [key, propertiesFor(value as Readonly<Record<string, Schema>>)];
    if (key === 'items' || (key === 'additionalProperties' && typeof value === 'object'))
      return [key, orTemplate(value as Schema)];
    if (key === 'anyOf' || key === 'oneOf') return [key, (value as readonly Schema[]).map(forEditors)];
    return [key, value];
  });
  return { ...Object.fromEntries(inner), ...requiredOf(schema) };
}

/** An argument that has other names is there under any of them. */
function requiredOf({ required, properties }: Schema): Schema {
  if (!Array.isArray(required)) return {};
  const named = (required as readonly string[]).map(name =>
    namesOf(name, (properties as Readonly<Record<string, Schema>>)?.[name] ?? {}),
  );
  const others = named
    .filter(names => names.length > 1)
    .map(names => ({ anyOf: names.map(name => ({ required: [name] })) }));
  return {
    required: named.flatMap(names => (names.length === 1 ? names : [])),
    ...(others.length > 0 ? { allOf: others } : {}),
  };
}

function namesOf(name: string, property: Schema): readonly string[] {
  return [name, ...((property['x-aliases'] as readonly string[] | undefined) ?? [])];
}

function propertiesFor(properties: Readonly<Record<string, Schema>>): Schema {
  const entries = Object.entries(properties).flatMap(([name, property]) => {
    return namesOf(name, property).map(each => [each, orTemplate(property)]);
  });
  return Object.fromEntries(entries);
}

function orTemplate(schema: Schema): Schema {
  const { description, ...rest } = forEditors(schema);
  const isText = Object.keys(rest).length === 1 && rest.type === 'string';
  if (Object.keys(rest).length === 0 || isText)
    return { ...rest, ...(description === undefined ? {} : { description }) };
  return { ...(description === undefined ? {} : { description }), anyOf: [rest, template, { type: 'null' }] };
}

const inventorySchema: Schema = {
  $schema: draft,
  title: 'An inventory of Hostwright: groups by name',
  type: 'object',
  additionalProperties: { $ref: '#/definitions/group' },
  definitions: {
    group: {
      type: ['object', 'null'],
      additionalProperties: false,
      properties: {
        hosts: {
          type: ['object', 'null'],
          description: 'Hosts by name, each with its variables; hv[1:3] is three of them.',
          additionalProperties: { type: ['object', 'null'] },
        },
        children: {
          type: ['object', 'null'],
          description: 'Groups in this group.',
          additionalProperties: { $ref: '#/definitions/group' },
        },
        vars: { type: ['object', 'null'], description: 'Variables of all its hosts.' },
      },
    },
  },
};
