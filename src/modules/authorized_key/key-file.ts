import { accounts } from '../../host/account/database.ts';
import { entryOf, statEntry } from '../../host/file/entry.ts';
import { foundText, textFile } from '../../host/lines/text.ts';
import { homeOf } from '../../host/ssh/home.ts';
import { all, later, map } from '../../shell/look.ts';
import { join, raw } from '../../shell/quote.ts';
import type { Args } from './schema.ts';

/**
 * The user, and the file of the user's keys: undefined where it is in a home that the user does not
 * have. Without `path`, the home and its .ssh, too.
 */
export function keyFile({ user: name, path }: Args) {
  const user = map(accounts([name]), ({ known }) => known.find(one => one.name === name));
  const home = homeOf(name);
  const own = path === undefined;
  const looks = all({
    user,
    home: own ? later(entryOf(join([home, statEntry(raw('"$h"'), { follow: true })]))) : undefined,
    directory: own ? later(entryOf(join([home, statEntry(raw('"$h/.ssh"'))]))) : undefined,
    file: later(own ? foundText(join([home, raw('p=$h/.ssh/authorized_keys')])) : textFile(path, { follow: true })),
  });
  return map(looks, ({ user, file, home, directory }) => {
    const there = !own || (user && user.home !== '');
    return there
      ? { user, file: file(), home: home?.(), directory: directory?.() }
      : { user, file: undefined, home: undefined, directory: undefined };
  });
}
