import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** What a role sets on a host, and what it calls its own. */
interface Names {
  readonly set: ReadonlySet<string>;
  readonly own: ReadonlySet<string>;
}

const roles = globSync('roles/*').map(folder => folder.slice('roles/'.length));

function read(file: string): unknown {
  return parse(readFileSync(file, 'utf8'), { merge: true, logLevel: 'silent' });
}

/** All objects of a document. */
function objectsIn(value: unknown): readonly Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? inner : [value as Record<string, unknown>, ...inner];
}

function keysOf(values: readonly unknown[]): readonly string[] {
  return values.flatMap(value => Object.keys(value ?? {}));
}

function namesOf(role: string): Names {
  const objects = globSync(`roles/${role}/{tasks,handlers}/*.yml`).flatMap(file => objectsIn(read(file)));
  const files = globSync(`roles/${role}/{vars,defaults}/*.yml`).map(read);
  const schemas = globSync(`roles/${role}/schema.yml`).map(file => (read(file) as { properties?: object }).properties);
  const registers = objects.map(({ register }) => register).filter(name => typeof name === 'string');
  return {
    set: new Set([...registers, ...keysOf(objects.map(({ set_fact }) => set_fact))]),
    own: new Set(keysOf([...files, ...schemas, ...objects.map(({ vars }) => vars)])),
  };
}

describe('roles', () => {
  // A register outlives its role, and is stronger than variables and parameters of the roles after
  // it.
  it('set nothing on a host that another role has as a name of its own', () => {
    const all = roles.map(role => ({ role, ...namesOf(role) }));
    assert.ok(all.some(({ set }) => set.size > 0) && all.every(({ own }) => own.size > 0));
    const clashes = all.flatMap(({ role, set }) =>
      all.flatMap(other =>
        other.role === role
          ? []
          : [...set].filter(name => other.own.has(name)).map(name => `${name} of ${role} and of ${other.role}`),
      ),
    );
    assert.deepEqual(clashes, []);
  });
});
