import { followedBy, type Refuse, refuse, storedAndLive } from '../../decision.ts';
import { given, kinds } from '../../host/block/settings.ts';
import { edited } from '../../host/lines/decide.ts';
import { textFile } from '../../host/lines/text.ts';
import { all, printed } from '../../shell/look.ts';
import { raw, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { setQueues } from './fix.ts';
import { type DiskPlan, type Problem, planDisks } from './plan.ts';
import { queues } from './queues.ts';
import { overriding, ruleText, type Wishes } from './rule.ts';
import { type Args, args, examples, returns } from './schema.ts';

export const blockQueue = defineModule({
  name: 'block_queue',
  summary: 'Owns the scheduler and other settings of disk queues, by the kind of disk.',
  description: `Writes one file of udev rules, as a whole, for disks as they appear, and sets the
disks that are there by sysfs: says which of the two differed. A setting that is not given is not
owned, and \`write_cache\` is never written. Disks are sd, vd, xvd and NVMe. Left alone, and said
so: paths of multipath disks, virtual, removable and zoned disks, and those that have no scheduler
to choose. Logical volumes have no scheduler of their own. A scheduler that the kernel neither
offers nor can load is refused, and so is another rules file that is read later and sets another
value. The settings of a disk that is named by its path replace all those of its kind.`,
  args,
  returns,
  examples,
  problems: (args: Args) =>
    [...kinds.map(kind => args[kind]), ...Object.values(args.disks ?? {})].some(one => given(one).length > 0)
      ? []
      : [{ argument: 'nvme', message: 'give a setting of a kind of disk (nvme, solid_state, rotating) or of a disk' }],
  owns: (args: Args) => [{ subject: 'block queues', attribute: 'settings', value: ruleText(wishesOf(args)) }],
  look: args =>
    all({
      udev: printed('udevadm', raw('command -v udevadm >/dev/null || exit 127')),
      queues: queues(wishesOf(args)),
      file: textFile(args.rules_file),
      // 2 says that one of the folders is not there.
      others: printed('grep', sh`grep -sHF 'ATTR{queue/' ${folders}`, [0, 1, 2]),
    }),
  decide(args, { queues, file, others }) {
    const wishes = wishesOf(args);
    const planned = planDisks(wishes, queues);
    if ('message' in planned) return refusalOf(planned);
    const winner = overriding(others, args.rules_file, wishes);
    if (winner) return overridden(args.rules_file, winner);
    const stored = edited(file, ruleText(wishes), { validate });
    const differ = planned.plans.filter(plan => Object.keys(plan.differ).length > 0);
    const said = planned.leftAlone.length > 0 ? `; left alone: ${planned.leftAlone.join(', ')}` : '';
    const parts = (rules: boolean, live: boolean) =>
      [rules && 'stored rules', live && `live settings of ${names(differ)}`].filter(Boolean);
    const reason = (rules: boolean, live: boolean) => `${parts(rules, live).join(' and ')} differ${said}`;
    return storedAndLive(reason, {
      stored: followedBy(stored, script({ reload: raw('udevadm control --reload') })),
      live: differ.length > 0 ? setQueues(differ) : undefined,
      same: `the rules and ${count(planned.plans)} have these settings${said}`,
      result: {
        disks: Object.fromEntries(planned.plans.map(({ disk, settings }) => [disk.name, settings])),
        left_alone: planned.leftAlone,
      },
    });
  },
});

const folders = raw(
  ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'].map(folder => `${folder}/udev/rules.d/*.rules`).join(' '),
);

/** udevadm can check rules from systemd 254 on. */
const validate = `sh -c 'udevadm verify --help >/dev/null 2>&1 || exit 0; udevadm verify "$1"' sh %s`;

function wishesOf({ nvme, solid_state, rotating, disks }: Args): Wishes {
  return {
    kinds: { ...(nvme && { nvme }), ...(solid_state && { solid_state }), ...(rotating && { rotating }) },
    disks: disks ?? {},
  };
}

function names(plans: readonly DiskPlan[]): string {
  return plans.map(({ disk }) => disk.name).join(', ');
}

function count(plans: readonly DiskPlan[]): string {
  return `${plans.length} ${plans.length === 1 ? 'disk' : 'disks'}`;
}

function refusalOf({ message, advice, path, module }: Problem): Refuse {
  return refuse(message, advice, {
    ...(path !== undefined && { needs: [{ kind: 'path', name: path }] }),
    // Which module brings a scheduler is the kernel's business: any that an earlier task loads may.
    ...(module && { needs: [{ kind: 'kernel-module', name: '*' }] }),
  });
}

function overridden(own: string, { file, line }: { file: string; line: string }): Refuse {
  return refuse(
    `${file} is read after ${own} and says ${line.trim()}: it would win where it matches`,
    `Remove the line from ${file}, or choose a rules_file whose name sorts after it.`,
  );
}
