import type { ArgumentProblem, Owned } from '../../callable.ts';
import { nameOf, pick, type Token } from '../../host/boot/tokens.ts';
import type { Args } from './schema.ts';

/** The parameters that a task owns. */
export interface OwnedParameters {
  /** With `_` for `-`. */
  readonly names: readonly string[];
  /** Those that are to be there. */
  readonly wanted: readonly Token[];
}

/** What the arguments own. */
export function ownedBy({ parameters, absent = [] }: Args): OwnedParameters {
  const wanted = Array.isArray(parameters) ? parameters : tokensOf(parameters ?? {});
  return { names: [...new Set([...wanted, ...absent].map(nameOf))], wanted };
}

function tokensOf(parameters: Exclude<Args['parameters'], string[] | undefined>): readonly Token[] {
  return Object.entries(parameters).flatMap(([key, given]) => {
    if (given === true) return [key];
    return (Array.isArray(given) ? given : [given]).map(item => `${key}=${item}`);
  });
}

/** What the schema cannot say. */
export function problems(args: Args): readonly ArgumentProblem[] {
  const { names, wanted } = ownedBy(args);
  const given = wanted.map(nameOf);
  const both = (args.absent ?? []).filter(key => given.includes(nameOf(key)));
  const fatal = names.filter(key => ['root', 'BOOT_IMAGE', 'initrd', 'init'].includes(key));
  return [
    ...both.map(key => ({ argument: 'absent', message: `${key} is among the parameters too` })),
    ...fatal.map(key => ({
      argument: 'parameters',
      message: `${key} decides whether the host boots, and is not set here`,
    })),
    ...(names.length === 0
      ? [{ argument: 'parameters', message: 'name at least one parameter, here or in absent' }]
      : []),
  ];
}

/** The parameters, each as a thing that only one task may own. */
export function owns(args: Args): readonly Owned[] {
  const { names, wanted } = ownedBy(args);
  return names.map(key => ({
    subject: 'kernel command line',
    attribute: key,
    value: pick(wanted, [key]).join(' ') || '(absent)',
  }));
}
