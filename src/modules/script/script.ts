import { posix } from 'node:path';
import { refuse } from '../../decision.ts';
import { beforeRun, decideRun } from '../../host/command/run.ts';
import { join, quote, raw, type ShellText, sh } from '../../shell/quote.ts';
import { splitWords } from '../../words.ts';
import { type Context, defineModule } from '../module.ts';
import { type Args, args, examples, returns } from './schema.ts';

export const script = defineModule({
  name: 'script',
  summary: 'Runs a script of the controller on the host.',
  description:
    'The script is never stored on the host: its interpreter (`executable`, else the one ' +
    'of its first line, else /bin/sh) reads it from a pipe, so it may be up to 64 KiB of ' +
    'text, and `$0` is /dev/fd/3. A run counts as changed; say `creates`, `removes`, ' +
    '`only_if`, `unless` or `reads` where you know more.',
  args,
  freeForm: 'cmd',
  returns,
  background: true,
  examples,
  userCode: args => args.reads || args.only_if !== undefined || args.unless !== undefined,
  look: (args, context) => beforeRun(args, text(args, context) ?? raw('exit 1')),
  decide(args, state, context) {
    const run = text(args, context);
    if (run) return decideRun(args, state, run, [posix.basename(args.cmd), ...args.args].map(quote).join(' '));
    return refuse(
      `${args.cmd} is not text of at most 64 KiB`,
      'Bring it to the host with copy and run it with command.',
    );
  },
});

function text(args: Args, context: Context): ShellText | undefined {
  const source = context.files.cmd?.text;
  if (source === undefined) return undefined;
  const interpreter = args.executable === undefined ? firstLine(source) : [args.executable];
  return join([
    sh`printf %s ${source} | (`,
    raw('exec 3<&0 </dev/null'),
    sh`exec ${interpreter} /dev/fd/3 ${args.args}`,
    raw(')'),
  ]);
}

/** The interpreter that `#!` names, with its one argument. */
function firstLine(source: string): readonly string[] {
  const [, program, argument] = /^#!\s*(\S+)(?:[ \t]+([^\n]*\S))?/.exec(source) ?? [];
  if (program === undefined) return ['/bin/sh'];
  if (posix.basename(program) === 'env')
    return [program, ...(splitWords(argument ?? '') ?? [])].filter(word => word !== '-S');
  return argument === undefined ? [program] : [program, argument.trim()];
}
