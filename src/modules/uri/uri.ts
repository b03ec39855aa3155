import type { ArgumentProblem } from '../../callable.ts';
import { anyMatch } from '../../host/command/glob.ts';
import { probeGoal, readGoal } from '../../host/file/goal.ts';
import { accept } from '../../shell/answer.ts';
import { join, raw, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { decideUri, type UriState } from './decide.ts';
import { ask, onlyReads } from './request.ts';
import { readResponse, withoutUser } from './response.ts';
import { type Args, args, examples, returns } from './schema.ts';

/** One HTTP request from the host. */
export const uri = defineModule({
  name: 'uri',
  summary: 'Sends an HTTP request from the host.',
  description: `The host asks with curl. GET and HEAD only read: they are asked in check mode too,
and are never changed, unless \`dest\` has another content. What other methods would do cannot be
known: they count as changed, check mode says that they would be sent, and their register is
unknown then; \`creates\` and \`removes\` say when there is nothing to send. Another status than
those of \`status_code\` fails the task; \`retries\` asks again.

URL, headers, body and password reach curl on its stdin and are in no argument list. A new file of
\`dest\` has the mode 0600.`,
  args,
  freeForm: 'url',
  returns,
  examples,
  // An answer from before the tasks ahead of it, on this host or another, would be no answer.
  userCode: onlyReads,
  problems,
  probe(args) {
    const { creates, removes, dest } = args;
    const conditions = {
      ...(creates !== undefined && { creates: anyMatch(creates) }),
      ...(removes !== undefined && { removes: anyMatch(removes) }),
    };
    const skips = join([
      conditions.creates && sh`if (\n${conditions.creates}\n) >/dev/null 2>&1; then exit 0; fi`,
      conditions.removes && sh`(\n${conditions.removes}\n) >/dev/null 2>&1 || exit 0`,
      raw('command -v curl >/dev/null || exit 127'),
    ]);
    return script(
      {
        ...conditions,
        ...(onlyReads(args) ? { request: join([skips, ask(args)]) } : { program: raw('command -v curl || exit 127') }),
        ...(dest !== undefined && probeGoal(dest, { size: raw('"$(stat -c %s -- "$p")"') })),
      },
      { limit: args.timeout + 60 },
    );
  },
  read(answer, args): UriState {
    const goal = args.dest === undefined ? undefined : readGoal(answer);
    const skip = skipped(args, section => accept(answer, section, [0, 1], `the look at ${section}`).code === 0);
    if (skip !== undefined) return { skip, response: undefined, goal };
    const where = withoutUser(args.url);
    if (onlyReads(args)) return { skip, response: readResponse(answer.request, where), goal };
    if (answer.program?.code === 127) readResponse(answer.program, where);
    accept(answer, 'program', [0], 'sh');
    return { skip, response: undefined, goal };
  },
  decide: decideUri,
});

function skipped({ creates, removes }: Args, matches: (section: string) => boolean): string | undefined {
  if (creates !== undefined && matches('creates')) return `${creates} exists already`;
  if (removes !== undefined && !matches('removes')) return `${removes} does not exist`;
  return undefined;
}

function problems(args: Args): ArgumentProblem[] {
  const { url, body, body_format, url_username, url_password } = args;
  const found: ArgumentProblem[] = [];
  if (!URL.canParse(url)) found.push({ argument: 'url', message: 'is not a valid URL' });
  if (url_password !== undefined && url_username === undefined) {
    found.push({ argument: 'url_password', message: 'needs url_username' });
  }
  const structured = body !== undefined && typeof body !== 'string';
  if (structured && body_format === 'raw') {
    found.push({ argument: 'body', message: 'is not text: say body_format: json or form-urlencoded' });
  }
  if (structured && body_format === 'form-urlencoded' && (typeof body !== 'object' || Array.isArray(body))) {
    found.push({ argument: 'body', message: 'must be a map for form-urlencoded' });
  }
  if (args.method === 'HEAD' && (body !== undefined || args.dest !== undefined)) {
    found.push({ argument: 'method', message: 'HEAD has no content: neither body nor dest go with it' });
  }
  return found;
}
