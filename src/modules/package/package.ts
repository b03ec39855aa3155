import type { ArgumentProblem } from '../../callable.ts';
import { decidePackages } from '../../host/package/decide.ts';
import { packages } from '../../host/package/packages.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';

// `package` is a reserved word in strict mode.
export const packageModule = defineModule({
  name: 'package',
  summary: 'Installs, upgrades or removes packages with apt-get, dnf or apk.',
  description:
    'What would be installed, upgraded and removed is the answer of the manager itself, in ' +
    'check mode too. `present` leaves packages that are there alone, and is refused if ' +
    'others would have to go. Package lists are fetched before something is installed if ' +
    '`update_cache` is given and they are older than `cache_valid_time`; where nothing is ' +
    'to be installed they are left as they are.',
  args,
  freeForm: 'name',
  returns,
  examples,
  problems,
  look: args => packages({ ...args, name: names(args.name) }),
  decide: (args, state) => decidePackages({ ...args, name: names(args.name) }, state),
});

function names(name: string | readonly string[]): readonly string[] {
  return typeof name === 'string' ? [name] : name;
}

function problems(args: {
  readonly name: string | readonly string[];
  readonly update_cache: boolean;
}): ArgumentProblem[] {
  if (names(args.name).length > 0 || args.update_cache) return [];
  return [{ argument: 'name', message: 'give name, or update_cache: true to fetch the lists alone' }];
}
