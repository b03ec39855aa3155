import { storedAndLive } from '../../decision.ts';
import { given, kinds } from '../../host/block/settings.ts';
import { editedRules, rulesFiles, udevTool } from '../../host/device/udev.ts';
import { textFile } from '../../host/lines/text.ts';
import { all, printed } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { defineModule } from '../module.ts';
import { setQueues } from './fix.ts';
import { type DiskPlan, planDisks } from './plan.ts';
import { queues } from './queues.ts';
import { overridden, refusalOf } from './refuse.ts';
import { overriding, ruleText, wishesOf } from './rule.ts';
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
      udev: udevTool,
      queues: queues(wishesOf(args)),
      file: textFile(args.rules_file),
      // 2 says that one of the folders is not there.
      others: printed('grep', sh`grep -sHF 'ATTR{queue/' ${rulesFiles}`, [0, 1, 2]),
    }),
  decide(args, { queues, file, others }) {
    const wishes = wishesOf(args);
    const planned = planDisks(wishes, queues);
    if ('message' in planned) return refusalOf(planned);
    const winner = overriding(others, args.rules_file, wishes);
    if (winner) return overridden(args.rules_file, winner);
    const differ = planned.plans.filter(plan => Object.keys(plan.differ).length > 0);
    const said = planned.leftAlone.length > 0 ? `; left alone: ${planned.leftAlone.join(', ')}` : '';
    const parts = (rules: boolean, live: boolean) =>
      [rules && 'stored rules', live && `live settings of ${names(differ)}`].filter(Boolean);
    const reason = (rules: boolean, live: boolean) => `${parts(rules, live).join(' and ')} differ${said}`;
    return storedAndLive(reason, {
      stored: editedRules(file, ruleText(wishes)),
      live: differ.length > 0 ? setQueues(differ) : undefined,
      same: `the rules and ${count(planned.plans)} have these settings${said}`,
      result: {
        disks: Object.fromEntries(planned.plans.map(({ disk, settings }) => [disk.name, settings])),
        left_alone: planned.leftAlone,
      },
    });
  },
});

function names(plans: readonly DiskPlan[]): string {
  return plans.map(({ disk }) => disk.name).join(', ');
}

function count(plans: readonly DiskPlan[]): string {
  return `${plans.length} ${plans.length === 1 ? 'disk' : 'disks'}`;
}
