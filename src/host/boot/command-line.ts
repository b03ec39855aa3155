import { map, printed } from '../../shell/look.ts';
import { raw } from '../../shell/quote.ts';
import { splitTokens } from './tokens.ts';

/** The parameters that the running kernel was started with. @throws CannotTell */
export const commandLine = map(printed('cat', raw('cat /proc/cmdline')), splitTokens);
