import { conditionsOf, leaveUnless, skipReason } from '../../host/command/conditions.ts';
import { fileGoal } from '../../host/file/goal.ts';
import { accept } from '../../shell/answer.ts';
import { all, type Look, later, look, map, own, type Seen, within } from '../../shell/look.ts';
import { join, raw, type ShellText } from '../../shell/quote.ts';
import { ask, onlyReads } from './request.ts';
import { type Response, readResponse, withoutUser } from './response.ts';
import type { Args } from './schema.ts';

/** What {@link lookUri} sees. */
export type UriState = Seen<ReturnType<typeof lookUri>>;

/**
 * Why there is nothing to ask; the answer to a request that only reads; the file that an answer
 * goes to.
 */
export function lookUri(args: Args) {
  const { creates, removes, dest } = args;
  const conditions = conditionsOf({ creates, removes });
  const looks = all({
    skip: later(skipReason(conditions)),
    response: later(onlyReads(args) ? response(args, leaveUnless(conditions)) : curl(args)),
    goal: dest === undefined ? undefined : fileGoal(dest, { size: raw('"$(stat -c %s -- "$p")"') }),
  });
  const seen = map(looks, ({ skip, response, goal }) => {
    const reason = skip();
    return { skip: reason, response: reason === undefined ? response() : undefined, goal };
  });
  return within(args.timeout + 60, seen);
}

function response(args: Args, leave: readonly ShellText[]): Look<Response> {
  const request = join([...leave, raw('command -v curl >/dev/null || exit 127'), ask(args)]);
  return look({ [own]: request }, answer => readResponse(answer[own], withoutUser(args.url)));
}

/** There is no answer to a request that may change something; but without curl it cannot be sent. */
function curl({ url }: Args): Look<undefined> {
  return look({ [own]: raw('command -v curl || exit 127') }, answer => {
    if (answer[own]?.code === 127) readResponse(answer[own], withoutUser(url));
    accept(answer, own, [0], 'sh');
    return undefined;
  });
}
