import type { ArgumentProblem } from '../../callable.ts';
import { defineModule } from '../module.ts';
import { decideUri } from './decide.ts';
import { lookUri } from './look.ts';
import { onlyReads } from './request.ts';
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
  look: lookUri,
  decide: decideUri,
});

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
