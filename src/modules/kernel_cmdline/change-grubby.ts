import { type Change, change } from '../../decision.ts';
import type { Boot } from '../../host/boot/loader.ts';
import { pick, type Token } from '../../host/boot/tokens.ts';
import { join, type ShellText, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import type { OwnedParameters } from './parameters.ts';

/** For all kernels, so that later ones get them as well; those of rescue get back what they had. */
export function changeGrubby({ entries, rescue }: Boot, { names, wanted }: OwnedParameters): Change {
  const before = [...new Set(entries.map(entry => `${pick(entry, names).join(' ')}\n`))].join('');
  const update = (kernel: string, tokens: readonly Token[]): ShellText => {
    const removes = names.flatMap(key => [...new Set([key, key.replaceAll('_', '-')])]).join(' ');
    const adds = tokens.length === 0 ? sh`` : sh` --args ${tokens.join(' ')}`;
    return sh`grubby ${`--update-kernel=${kernel}`} --remove-args ${removes}${adds}`;
  };
  const kept = rescue.map(({ kernel, tokens }) => update(kernel, pick(tokens, names)));
  return change('is configured otherwise', {
    diff: [{ subject: 'boot entries', before, after: `${wanted.join(' ')}\n` }],
    apply: script({ grubby: update('ALL', wanted), ...(kept.length > 0 && { rescue: join(kept, ' &&\n') }) }),
  });
}
