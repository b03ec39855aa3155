import { CannotTell } from '../../shell/answer.ts';
import { type Look, map, printed } from '../../shell/look.ts';
import { raw } from '../../shell/quote.ts';

/** What is another one after every boot. @throws CannotTell */
export const bootId: Look<string> = map(printed('cat', raw('cat /proc/sys/kernel/random/boot_id')), text => {
  const id = text.trim();
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new CannotTell(`the kernel gave no boot id: ${JSON.stringify(id)}`);
  return id;
});
