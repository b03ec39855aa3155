import { beforeRun, decideRun } from '../../host/command/run.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';

export const shell = defineModule({
  name: 'shell',
  summary: 'Runs a command line in a shell.',
  description:
    'Whether it changed something cannot be known, so a run counts as changed; say ' +
    '`creates`, `removes`, `only_if`, `unless` or `reads` where you know more. A value ' +
    'that is not yours to trust belongs into `stdin` or into `command` with `argv`.',
  args,
  freeForm: 'cmd',
  returns,
  background: true,
  examples,
  userCode: args => args.reads || args.only_if !== undefined || args.unless !== undefined,
  look: args => beforeRun(args, line(args)),
  decide: (args, state) => decideRun(args, state, line(args), args.cmd),
});

function line(args: { readonly cmd: string; readonly executable: string }): ShellText {
  return sh`exec ${args.executable} -c ${args.cmd}`;
}
