import type { ArgumentProblem } from '../../callable.ts';
import { beforeRun, decideRun, execute } from '../../host/command/run.ts';
import { quote } from '../../shell/quote.ts';
import { splitWords } from '../../words.ts';
import { defineModule } from '../module.ts';
import { type Args, args, examples, returns } from './schema.ts';
import { shellOperator } from './shell-operator.ts';

export const command = defineModule({
  name: 'command',
  summary: 'Runs a program without a shell.',
  description:
    'Nothing is expanded: no variables, patterns, pipes. Whether it changed something ' +
    'cannot be known, so a run counts as changed; say `creates`, `removes`, `only_if`, ' +
    '`unless` or `reads` where you know more.',
  args,
  freeForm: 'cmd',
  returns,
  background: true,
  examples,
  userCode: args => args.reads || args.only_if !== undefined || args.unless !== undefined,
  problems,
  look: args => beforeRun(args, execute(words(args))),
  decide: (args, state) => decideRun(args, state, execute(words(args)), words(args).map(quote).join(' ')),
});

function words(args: Args): readonly string[] {
  return args.argv ?? splitWords(args.cmd ?? '') ?? [];
}

function problems(args: Args): ArgumentProblem[] {
  const { cmd, argv } = args;
  if (cmd === undefined && argv === undefined)
    return [{ argument: 'cmd', message: 'give cmd or argv: what is to be run' }];
  if (cmd !== undefined && argv !== undefined) return [{ argument: 'argv', message: 'give cmd or argv, not both' }];
  if (cmd === undefined) return [];
  if (!splitWords(cmd)) return [{ argument: 'cmd', message: 'a quote is not closed, or a backslash ends the line' }];
  const operator = shellOperator(cmd);
  if (operator === undefined) return [];
  return [
    {
      argument: 'cmd',
      message:
        `"${operator}" needs a shell and command has none: use shell, or put it in single ` +
        'quotes if the program is to see it',
    },
  ];
}
