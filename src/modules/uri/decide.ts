import { posix } from 'node:path';
import { type Change, change, type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import type { Diff } from '../../events/result.ts';
import { type Goal, sha256Of } from '../../host/file/goal.ts';
import { replacing } from '../../host/file/kept.ts';
import { refuseDirectory } from '../../host/file/missing-directory.ts';
import { writeFile } from '../../host/file/place.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import { type Answer, script } from '../../shell/script.ts';
import type { UriState } from './look.ts';
import { goodCodes, send } from './request.ts';
import { needsService, parseResponse, type Response, responseResult, withoutUser } from './response.ts';
import type { Args } from './schema.ts';

/** What a request comes to: one that only reads is answered already, any other can only be sent. */
export function decideUri(args: Args, { skip, response, goal }: UriState): Decision {
  if (skip !== undefined) return ok(skip, { result: { url: withoutUser(args.url) } });
  const unfit = goal && unfitGoal(goal);
  if (unfit) return unfit;
  if (!response) return sent(args, goal);
  if (!goodCodes(args).includes(response.status)) return badStatus(args, response);
  const result = responseResult(response, args.return_content);
  if (!goal) return ok(`answered with ${response.status}`, { result });
  const hash = sha256Of(response.body);
  const whole = { ...result, path: goal.path };
  if (goal.entry?.kind === 'file' && goal.sha256 === hash) {
    return ok('the file has this content', { result: whole });
  }
  const diff = {
    subject: goal.path,
    before: goal.entry ? `${goal.entry.size} bytes, sha256 ${goal.sha256 ?? 'not known'}\n` : '',
    after: `${response.body.length} bytes, sha256 ${hash}\n`,
  };
  return { ...request(args, goal, diff, goal.entry ? 'content differs' : 'is absent'), result: whole };
}

function sent(args: Args, goal: Goal | undefined): Decision {
  const diff = { subject: 'request', before: '', after: `${args.method} ${withoutUser(args.url)}\n` };
  return request(args, goal, diff, `${args.method} is sent`);
}

function request(args: Args, goal: Goal | undefined, diff: Diff, reason: string): Change {
  const files = goal ? [{ kind: 'path', name: goal.path } as const] : [];
  return change(reason, {
    diff: [diff],
    ...(goal && { guarded: 'send' }),
    apply: script({ send: goal ? sendToFile(args, goal) : send(args) }),
    ...(goal?.entry ? { alters: files } : { creates: files }),
    ...(goal && replacing(goal.path, goal.entry, { sha256: goal.sha256 })),
    verify: 'none',
    report: applied => reported(args, goal, applied),
  });
}

function reported(args: Args, goal: Goal | undefined, applied: Answer): Readonly<Record<string, unknown>> {
  const response = applied.send && parseResponse(applied.send.bytes, { bodyInFile: goal !== undefined });
  if (!response) return { url: withoutUser(args.url) };
  if (!goal) return responseResult(response, args.return_content);
  const { status, url, redirected, elapsed, headers } = response;
  return { status, url, redirected, elapsed, headers, path: goal.path };
}

/**
 * An answer may hold secrets: a new file is for its owner alone, and one that was there keeps its
 * owner and mode.
 */
function sendToFile(args: Args, { path, entry }: Goal): ShellText {
  const old = entry?.kind === 'file' ? entry : undefined;
  const placed = old ? { mode: old.mode, uid: old.uid, gid: old.gid } : { mode: 0o600 };
  return writeFile(path, { seen: entry, placed, write: sh`(\n${send(args, { toFile: true })}\n)` });
}

function badStatus(args: Args, { status, body }: Response): Refuse {
  const said = new TextDecoder().decode(body.subarray(0, 400)).trim();
  const codes = goodCodes(args).join(', ');
  return refuse(
    `${withoutUser(args.url)} answered with ${status}, not ${codes}${said === '' ? '' : `: ${said}`}`,
    'If that is good, name it in status_code. If the service needs time, set retries and delay.',
    { needs: needsService },
  );
}

function unfitGoal({ path, entry, homeless }: Goal): Refuse | undefined {
  if (homeless) return refuseDirectory(posix.dirname(path));
  if (!entry || entry.kind === 'file' || entry.kind === 'link') return undefined;
  return refuse(`${path} is a ${entry.kind}, not a file`, 'Name a file as dest.');
}
