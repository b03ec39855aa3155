import { dirname, isAbsolute } from 'node:path';
import { keyOfWord } from '../language/parse/parse-keywords.ts';
import { collectProblems, type Problems } from '../language/problems.ts';
import { inside, isMap, type Part } from '../language/source.ts';
import { readYaml } from '../language/yaml.ts';
import { addressFault, addressFrom } from './address.ts';

/** A role that roles.yml wants, from a ref of a git repository. */
export interface WantedRole {
  readonly name: string;
  /** The repository as it is written. */
  readonly git: string;
  /** The repository as git is told of it. */
  readonly address: string;
  readonly ref: string;
  /** The folder of the role inside the repository. */
  readonly path: string;
  /** Its place in roles.yml. */
  readonly part: Part;
}

const address = { type: 'string', minLength: 1, description: 'The git repository: a URL, or a path from this file.' };
const ref = {
  type: 'string',
  pattern: '^(?!-)(?!.*(\\.\\.|@\\{))[^\\s~^:?*\\[\\\\\\x00-\\x1f]+$',
  description: 'A tag, a branch, or the full id of a commit.',
};

/** The form of roles.yml. */
export const rolesFileSchema = {
  type: 'array',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: {
        type: 'string',
        pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]*$',
        description: 'The name of the role: letters, digits, "_", "-" and, not at its start, ".".',
      },
      git: address,
      src: { ...address, description: 'Another name for git.' },
      ref,
      version: { ...ref, description: 'Another name for ref: a tag, a branch, or the full id of a commit.' },
      scm: { enum: ['git'], description: 'Roles come from git.' },
      path: {
        type: 'string',
        minLength: 1,
        description: 'The folder of the role in the repository, if it is not all.',
      },
    },
  },
} as const;

type Written = Readonly<{ name: string } & Partial<Record<'git' | 'src' | 'ref' | 'version' | 'path', string>>>;

/**
 * Whether a file, whatever its name, is a list of roles from git, by its content: not every
 * roles.yml is one. Something that is neither that nor a playbook is taken for a list of roles,
 * whose reader says what is wrong.
 * @throws InvalidInput for a file that is not YAML
 */
export function isRolesFile(file: string): boolean {
  return !isPlaybook(readYaml(file).value);
}

function isPlaybook(value: unknown): boolean {
  const words = ['hosts', 'import_playbook'];
  return Array.isArray(value) && value.some(item => isMap(item) && keyOfWord(item, words) !== undefined);
}

/** Whether a value is a list of maps that have nothing of a role. */
function listsOthers(value: unknown): boolean {
  const isOther = (item: unknown) => isMap(item) && !Object.keys(item).some(key => key in roleKeys);
  return Array.isArray(value) && value.length > 0 && value.every(isOther);
}

const roleKeys = rolesFileSchema.items.properties;

/**
 * Reads roles.yml.
 * @throws InvalidInput with everything that is wrong with it.
 */
export function readRolesFile(file: string): readonly WantedRole[] {
  const source = readYaml(file);
  const problems = collectProblems();
  const value = source.value ?? [];
  if (isPlaybook(value) || listsOthers(value)) {
    const what = isPlaybook(value) ? 'this is a playbook, and not a list of roles' : 'this is not a list of roles';
    problems.add({ source, path: [] }, what, 'Name each role: "- {name: motd, git: https://…/motd.git, ref: v1}".');
    problems.throwIfAny();
  }
  problems.schema(rolesFileSchema, value, { source, path: [] });
  problems.throwIfAny();
  const names = new Set<string>();
  const roles = (value as readonly Written[]).map((written, index) => {
    const part: Part = { source, path: [index] };
    const name = written.name;
    if (names.has(name)) problems.add(inside(part, 'name'), `role "${name}" is named twice`);
    names.add(name);
    checkPath(written.path ?? '.', inside(part, 'path'), problems);
    const git = oneOf(written, ['git', 'src'], part, problems);
    const fault = addressFault(git);
    if (fault) problems.add(inside(part, written.git === undefined ? 'src' : 'git'), fault.message, fault.hint);
    return Object.freeze({
      name,
      git,
      address: addressFrom(dirname(file), git),
      ref: oneOf(written, ['ref', 'version'], part, problems),
      path: written.path ?? '.',
      part,
    });
  });
  problems.throwIfAny();
  return roles;
}

function oneOf(
  written: Written,
  [name, other]: readonly ['git', 'src'] | readonly ['ref', 'version'],
  part: Part,
  problems: Problems,
): string {
  const given = written[name] ?? written[other];
  if (given === undefined) problems.add(part, `"${name}" is missing`);
  if (written[name] !== undefined && written[other] !== undefined)
    problems.addAtKey(inside(part, other), `"${other}" is another name for "${name}"`, 'Give one of them.');
  return given ?? '';
}

function checkPath(path: string, part: Part, problems: Problems): void {
  const steps = path.split('/');
  const isInside = !isAbsolute(path) && !steps.includes('..') && !steps.some(step => /^\.git$/i.test(step));
  if (!isInside)
    problems.add(part, `"${path}" is not a folder of the repository`, 'Give a path from its root, such as roles/motd.');
}
