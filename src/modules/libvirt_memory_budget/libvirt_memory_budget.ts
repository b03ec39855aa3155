import { ok, refuse } from '../../decision.ts';
import { guests } from '../../host/memory/guests.ts';
import { pages, pools } from '../../host/memory/pages.ts';
import { CannotTell } from '../../shell/answer.ts';
import { all, map, printed } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { defineModule } from '../module.ts';
import { budgetOf } from './budget.ts';
import { args, examples, returns } from './schema.ts';

/** Reads only: whether the guests of a host fit its memory. */
export const libvirtMemoryBudget = defineModule({
  name: 'libvirt_memory_budget',
  summary: 'Checks that the guests of a host and the host itself fit its memory.',
  description: `Changes nothing. Adds up the memory of guests that run or start with the host, the
pool of huge pages, half a GiB for each guest's QEMU, and what the host keeps: max(4 GiB, 10 %). A
sum that is larger than the memory is refused, or with \`excess: report\` only said. Strict
accounting (\`vm.overcommit_memory\` 2) is refused as well unless it is wanted: QEMU reserves far
more than it uses, and guests then do not start, or fail when QEMU forks.`,
  args,
  returns,
  examples,
  look: ({ uri }) => all({ pages, guests: guests(uri), accounting }),
  decide({ reserve, excess, strict_accounting }, { pages, guests, accounting }) {
    if (accounting === '2' && !strict_accounting) {
      return refuse(
        'vm.overcommit_memory is 2: guests do not start once the limit is committed, whatever memory is free',
        'Set it to 0 (sysctl), or say strict_accounting: true if it is wanted.',
      );
    }
    const budget = budgetOf(pages, guests, reserve === 'auto' ? undefined : reserve);
    if (!budget.fits && excess === 'refuse') {
      return refuse(
        `the guests do not fit: ${budget.why}`,
        'Give guests less memory, take autostart from some, move them away, or state what the host keeps (reserve).',
        { needs: [pools] },
      );
    }
    const { memory, fits, why } = budget;
    return ok(`${fits ? 'fits' : 'does not fit'}: ${why}`, {
      result: {
        fits,
        why,
        memory,
        guests: budget.guests,
        huge_pages: budget.hugePages,
        reserve: Math.round(budget.reserve),
      },
    });
  },
});

/** `vm.overcommit_memory`. @throws CannotTell */
const accounting = map(printed('cat', sh`cat /proc/sys/vm/overcommit_memory`), text => {
  const value = text.trim();
  if (!/^[012]$/.test(value)) throw new CannotTell(`vm.overcommit_memory is ${JSON.stringify(value)}`);
  return value;
});
