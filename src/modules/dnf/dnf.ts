import type { ArgumentProblem } from '../../callable.ts';
import type { PackageArguments } from '../../host/package/arguments.ts';
import { decidePackages } from '../../host/package/decide.ts';
import { packages } from '../../host/package/packages.ts';
import { defineModule } from '../module.ts';
import { type Args, args, examples, returns } from './schema.ts';

/** Packages of Red Hat and its kin, with all that dnf knows and other managers do not. */
export const dnf = defineModule({
  name: 'dnf',
  summary: 'Installs, upgrades or removes packages with dnf.',
  description: `What would be installed, upgraded and removed is the answer of dnf's own dry run,
in check mode too. \`present\` leaves packages that are there alone. Nothing is removed to install
another, unless \`allowerasing\` is given, and nothing becomes older, unless \`allow_downgrade\` is.

While another dnf works, it is waited for \`lock_timeout\` seconds; then the message says which
process it is.`,
  args,
  freeForm: 'name',
  returns,
  examples,
  problems,
  look: args => packages(packageArguments(args)),
  decide: (args, state) => decidePackages(packageArguments(args), state),
});

function packageArguments(args: Args): PackageArguments {
  const { enablerepo, disablerepo, exclude, update_only, allowerasing, nobest, allow_downgrade } = args;
  const names = typeof args.name === 'string' ? [args.name] : args.name;
  const upgrade = names.includes('*');
  return {
    name: upgrade ? [] : names,
    state: args.state,
    update_cache: args.update_cache,
    cache_valid_time: 3600,
    ...(args.install_weak_deps !== undefined && { install_recommends: args.install_weak_deps }),
    // What dnf removes without allowerasing is replaced by its successor.
    allow_removal: true,
    lock_timeout: args.lock_timeout,
    manager: 'dnf',
    dnf: { enablerepo, disablerepo, exclude, update_only, allowerasing, nobest, allow_downgrade, upgrade },
  };
}

function problems(args: Args): ArgumentProblem[] {
  const names = typeof args.name === 'string' ? [args.name] : args.name;
  const found: ArgumentProblem[] = [];
  if (names.length === 0 && !args.update_cache) {
    found.push({ argument: 'name', message: 'give name, or update_cache: true to fetch the metadata alone' });
  }
  if (names.includes('*') && (names.length > 1 || args.state !== 'latest')) {
    found.push({ argument: 'name', message: '"*" stands alone, and only with state: latest' });
  }
  if (args.update_only && args.state !== 'latest') {
    found.push({ argument: 'update_only', message: 'is for state: latest' });
  }
  return found;
}
