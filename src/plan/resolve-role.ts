import { join } from 'node:path';
import type { Role, RoleCall, Variables } from '../language/model.ts';
import type { StepVocabulary } from '../language/parse/parse-steps.ts';
import { findRole, listRoles, parseRole, type RolePath } from '../language/parse/read-role.ts';
import type { Problems } from '../language/problems.ts';
import type { Part } from '../language/source.ts';
import { suggest } from '../language/suggest.ts';
import type { TextPath } from '../values/command-line-texts.ts';
import type { Layer } from '../values/scope.ts';
import { convertTexts } from './arguments/convert-text.ts';
import { fillDefaults } from './arguments/fill.ts';
import { lookedIn } from './find-file.ts';
import { type Inherited, inherit, layerOf } from './inherit.ts';
import type { StaticLayers } from './plan.ts';

/** Finds and reads roles, each once. */
export interface RoleLibrary {
  readonly read: (name: string, part: Part, problems: Problems) => Role | undefined;
  /** A role that was read already. */
  readonly known: (name: string) => Role | undefined;
}

/**
 * A library that looks in these places, in this order; where they are is asked when the first role
 * is.
 */
export function createRoleLibrary(searchPath: () => RolePath, vocabulary: StepVocabulary): RoleLibrary {
  const known = new Map<string, Role>();
  let path: RolePath | undefined;
  function find(name: string, part: Part, problems: Problems): string | undefined {
    path ??= searchPath();
    const directory = findRole(name, path);
    if (directory) return directory;
    const places = path.map(place => (typeof place === 'string' ? place : place.title));
    const hint = suggest(name, listRoles(path)) ?? lookedIn(places);
    problems.add(part, `there is no role "${name}"`, hint);
    problems.leaveOut();
    return undefined;
  }
  function read(name: string, part: Part, problems: Problems): Role | undefined {
    const found = known.get(name);
    if (found) return found;
    const role = problems.catch(() => {
      const directory = find(name, part, problems);
      return directory === undefined ? undefined : parseRole(name, directory, vocabulary, problems);
    });
    if (role) known.set(name, role);
    return role;
  }
  return { read, known: name => known.get(name) };
}

/**
 * What the tasks of a role inherit: its layers of variables, its folders of files and templates,
 * the keywords of its call.
 */
export function enterRole(role: Role, call: Partial<RoleCall>, from: Inherited): Inherited {
  const { vars: _, ...keywords } = call as { vars?: Variables } & Partial<RoleCall>;
  const inner = inherit(from, keywords, `role ${role.name}`);
  const { layers } = inner;
  const defaults = [parameterLayer(role), role.defaults && layerOf(role.defaults, `defaults of role ${role.name}`)];
  return {
    ...inner,
    role: { name: role.name, directory: role.directory },
    ...(call.part ? { call: call.part } : {}),
    directory: join(role.directory, from.handler ? 'handlers' : 'tasks'),
    chain: [...from.chain, `role ${role.name}`],
    layers: {
      ...layers,
      roleDefaults: [...layers.roleDefaults, ...defaults.filter(layer => layer !== undefined)],
      roleVars: role.vars ? [...layers.roleVars, layerOf(role.vars, `vars of role ${role.name}`)] : layers.roleVars,
      params: call.params ? [...layers.params, layerOf(call.params, `parameters of role ${role.name}`)] : layers.params,
    },
    searchPath: {
      source: [join(role.directory, 'files'), role.directory, ...from.searchPath.source],
      template: [join(role.directory, 'templates'), role.directory, ...from.searchPath.template],
      variables: [join(role.directory, 'vars'), role.directory, ...from.searchPath.variables],
    },
  };
}

/**
 * A parameter that the schema names and that was not given is its default or null; one that was
 * given gets the defaults inside it.
 */
function parameterLayer(role: Role): Layer | undefined {
  if (!role.schema) return undefined;
  const { value: schema } = role.schema;
  const properties = (schema.properties ?? {}) as Readonly<Record<string, object>>;
  const values = fillDefaults({ properties } as object, {}, true) as Readonly<Record<string, unknown>>;
  const finish = (name: string, value: unknown, texts: readonly TextPath[]) => {
    const property = properties[name];
    return property ? fillDefaults(property, convertTexts(property, value, texts), true) : value;
  };
  const layer = { origin: `schema of role ${role.name}`, values, finish };
  schemas.set(layer, schema);
  return layer;
}

const schemas = new WeakMap<Layer, Readonly<Record<string, unknown>>>();

/** The schema of the innermost role whose layers these are. */
export function parameterSchemaOf({ roleDefaults }: StaticLayers): Readonly<Record<string, unknown>> | undefined {
  return roleDefaults.map(layer => schemas.get(layer)).findLast(schema => schema !== undefined);
}

/** Names in a role call that its schema does not have. */
export function checkCall(role: Role, call: Partial<RoleCall>, problems: Problems): void {
  if (!role.schema || !call.params) return;
  const known = Object.keys((role.schema.value.properties ?? {}) as object);
  const others = new Set([...Object.keys(role.vars?.values ?? {}), ...Object.keys(role.defaults?.values ?? {})]);
  for (const name of Object.keys(call.params.values)) {
    if (known.includes(name) || others.has(name)) continue;
    const part = { source: call.params.part.source, path: [...call.params.part.path, name] };
    const hint = suggest(name, known) ?? `Its parameters are ${known.join(', ')}.`;
    problems.addAtKey(part, `role "${role.name}" has no parameter "${name}"`, hint);
  }
}
