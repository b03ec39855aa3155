import assert from 'node:assert/strict';
import { type BecomeProgress, becomeLine, becomeProgress, type Privilege } from '../../src/shell/become.ts';

const nonces = { up: 'UPNONCE', ask: 'ASKNONCE' };
const up = `'printf '\\''UPNONCE\\n'\\''; printf '\\''UPNONCE\\n'\\'' >&2; exec /bin/sh'`;

const lines: readonly (readonly [Privilege['method'], string, string])[] = [
  ['sudo', 'root', `exec sudo -H -S -p ASKNONCE -u root -- /bin/sh -c ${up}\n`],
  ['sudo', 'a b', `exec sudo -H -S -p ASKNONCE -u 'a b' -- /bin/sh -c ${up}\n`],
  ['su', 'root', `exec su -s /bin/sh -c ${up} -- root\n`],
  ['su', "o'x", `exec su -s /bin/sh -c ${up} -- 'o'\\''x'\n`],
  ['doas', 'libvirt', `exec doas -n -u libvirt -- /bin/sh -c ${up}\n`],
];

const progress: readonly (readonly [Privilege['method'], string, string, string, BecomeProgress])[] = [
  ['sudo', 'nothing yet', '', '', 'wait'],
  ['sudo', 'the nonce on one stream only', 'UPNONCE\n', '', 'wait'],
  ['sudo', 'the nonce on both', 'UPNONCE\n', 'UPNONCE\n', 'up'],
  ['sudo', 'the nonce after a lecture', 'UPNONCE\n', 'We trust you have received the usual lecture.\nUPNONCE\n', 'up'],
  ['sudo', 'our prompt', '', 'ASKNONCE', 'wants password'],
  ['sudo', 'a prompt in words that is not ours', '', '[sudo] password for ops: ', 'wait'],
  ['sudo', 'a complaint', '', 'ops is not in the sudoers file.\n', 'wait'],
  ['su', 'nothing yet', '', '', 'wait'],
  ['su', 'a line without an end', '', 'Password: ', 'wants password'],
  ['su', 'the same on stdout', 'Passwort: ', '', 'wants password'],
  ['su', 'a whole line', '', 'su: Authentication failure\n', 'wait'],
  ['su', 'the nonce on both', 'UPNONCE\n', 'UPNONCE\n', 'up'],
  ['doas', 'a line without an end', '', 'doas (ops@hv1) password: ', 'wait'],
  ['doas', 'the nonce on both', 'UPNONCE\n', 'UPNONCE\n', 'up'],
];

describe('become', () => {
  for (const [method, user, line] of lines) {
    it(`by ${method} as ${JSON.stringify(user)} proves itself by a nonce that the command prints`, () => {
      assert.equal(becomeLine({ method, user }, nonces), line);
    });
  }

  for (const [method, what, stdout, stderr, expected] of progress) {
    it(`by ${method} with ${what}: ${expected}`, () => {
      assert.equal(becomeProgress({ method, user: 'root' }, nonces, { stdout, stderr }), expected);
    });
  }
});
