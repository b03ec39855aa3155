import type { ArgumentProblem } from '../../callable.ts';
import type { PackageArguments } from '../../host/package/arguments.ts';
import { decidePackages } from '../../host/package/decide.ts';
import { packages } from '../../host/package/packages.ts';
import { defineModule } from '../module.ts';
import { type Args, args, examples, returns } from './schema.ts';

/** Packages of Debian and its kin, with all that apt-get knows and other managers do not. */
export const apt = defineModule({
  name: 'apt',
  summary: 'Installs, upgrades or removes packages with apt-get.',
  description: `What would be installed, upgraded and removed is the answer of apt-get's own dry
run, in check mode too. Nothing is asked, configuration files that were changed stay, and no
service is restarted by needrestart. \`present\` leaves packages that are there alone. Where others
would have to go, it is refused, unless \`allow_removal\` is given; \`upgrade: full\` and
\`autoremove\` remove by their meaning.

While another process has the lock of dpkg, it is waited for \`lock_timeout\` seconds; then the
message says which process it is.`,
  args,
  freeForm: 'name',
  returns,
  examples,
  problems,
  look: args => packages(packageArguments(args)),
  decide: (args, state) => decidePackages(packageArguments(args), state),
});

function packageArguments(args: Args): PackageArguments {
  const { install_recommends, default_release, only_upgrade, allow_downgrade, purge, autoremove, deb } = args;
  const upgrade = ({ no: undefined, yes: 'safe', safe: 'safe', full: 'full', dist: 'full' } as const)[args.upgrade];
  const name = typeof args.name === 'string' ? [args.name] : args.name;
  return {
    name,
    state: args.state,
    update_cache: args.update_cache || args.cache_valid_time !== undefined,
    cache_valid_time: args.cache_valid_time ?? 3600,
    ...(install_recommends !== undefined && { install_recommends }),
    allow_removal: args.allow_removal || autoremove || upgrade === 'full',
    lock_timeout: args.lock_timeout,
    manager: 'apt-get',
    apt: { default_release, only_upgrade, allow_downgrade, purge, autoremove, upgrade, deb },
  };
}

function problems(args: Args): ArgumentProblem[] {
  const named = args.name.length > 0;
  const jobs = { name: named, deb: args.deb !== undefined, upgrade: args.upgrade !== 'no' };
  const [job, other] = Object.entries(jobs).flatMap(([name, asked]) => (asked ? [name] : []));
  const found: ArgumentProblem[] = [];
  if (other !== undefined) found.push({ argument: other, message: `cannot go with ${job}: use two tasks` });
  if (job === undefined && !args.autoremove && !packageArguments(args).update_cache) {
    found.push({
      argument: 'name',
      message: 'give name, deb, upgrade or autoremove, or update_cache: true to fetch the lists alone',
    });
  }
  if (args.state === 'absent' && !named) {
    found.push({ argument: 'state', message: 'absent needs name: which packages are to go' });
  }
  const installs = (named && args.state !== 'absent') || args.deb !== undefined || /^(yes|safe)$/.test(args.upgrade);
  if (args.autoremove && installs) {
    found.push({
      argument: 'autoremove',
      message:
        'removes packages, and this task only installs: give it a task of its own, state: absent or upgrade: full',
    });
  }
  if (args.purge && args.state !== 'absent' && !args.autoremove) {
    found.push({ argument: 'purge', message: 'is for state: absent and autoremove' });
  }
  return found;
}
