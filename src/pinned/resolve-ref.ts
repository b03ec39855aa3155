import { exitCodes, HostwrightError } from '../errors.ts';
import { suggest } from '../language/suggest.ts';
import { gitRemote } from './git.ts';
import { commitId } from './lock.ts';

/**
 * The commit of a ref: of the tag, else of the branch. The full id of a commit is that commit.
 * @throws HostwrightError
 */
export function resolveRef(address: string, ref: string): string {
  if (commitId.test(ref)) return ref;
  const names = ref.startsWith('refs/') ? [ref] : [`refs/tags/${ref}`, `refs/heads/${ref}`];
  const found = refsOf(address, names);
  // An annotated tag is an object of its own; with ^{} it is the commit.
  const commit = names.flatMap(name => found.get(`${name}^{}`) ?? found.get(name) ?? [])[0];
  if (commit !== undefined) return commit;
  const known = [...refsOf(address, ['refs/tags/*', 'refs/heads/*']).keys()]
    .map(name => name.replace(/^refs\/(tags|heads)\/|\^\{\}$/g, ''))
    .filter(name => name !== '');
  throw new HostwrightError('roles.ref', `there is no tag or branch "${ref}" in ${address}`, {
    hint: /^[0-9a-f]{7,}$/i.test(ref) ? 'A commit is named by its full id, in small letters.' : hintFor(ref, known),
    exitCode: exitCodes.usage,
  });
}

function hintFor(ref: string, known: readonly string[]): string {
  const some = [...new Set(known)].slice(-10);
  return suggest(ref, known) ?? (some.length > 0 ? `There are ${some.join(', ')}.` : 'The repository is empty.');
}

function refsOf(address: string, names: readonly string[]): ReadonlyMap<string, string> {
  const patterns = names.flatMap(name => (name.endsWith('*') ? [name] : [name, `${name}^{}`]));
  const lines = gitRemote(['ls-remote', '--quiet', '--', address, ...patterns]).split('\n');
  return new Map(lines.filter(line => line !== '').map(line => line.split('\t').toReversed() as [string, string]));
}
