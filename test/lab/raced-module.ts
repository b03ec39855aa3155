import type { AnyModule } from '../../src/modules/module.ts';
import type { Script } from '../../src/shell/script.ts';

/** Where a race notes that it took place: it does so once. */
const mark = '/run/raced';

/**
 * The module, with somebody who does something on the host between its look and its apply, once.
 * `guarded: false` takes the guard out of its decision: what happens then is what the guard
 * prevents.
 */
export function raced(module: AnyModule, somebody: string, guarded: boolean): AnyModule {
  const race = { name: 'race', text: `[ -e ${mark} ] || { : >${mark}; ${somebody}; } >/dev/null 2>&1; :` };
  return Object.freeze({
    ...module,
    name: 'raced',
    decide: (...given: Parameters<AnyModule['decide']>) => {
      const decision = module.decide(...given);
      if (decision.kind !== 'change') return decision;
      if (guarded) return { ...decision, guard: { sections: [race, ...(decision.guard?.sections ?? [])] } };
      return { ...decision, guard: { sections: [race] }, apply: withoutChecks(decision.apply) };
    },
  });
}

/**
 * The script without the lines that look again, right before they act, whether somebody was there.
 */
function withoutChecks(script: Script): Script {
  const unchecked = (text: string) => text.replace(/^.*somebody else has just changed.*\n/gm, '');
  return { ...script, sections: script.sections.map(({ name, text }) => ({ name, text: unchecked(text) })) };
}
