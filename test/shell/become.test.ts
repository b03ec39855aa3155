import assert from 'node:assert/strict';
import { type BecomeProgress, becomeCommand, becomeProgress, type Privilege } from '../../src/shell/become.ts';

const nonces = { up: 'UPNONCE', ask: 'ASKNONCE' };
const commands: readonly (readonly [Privilege['method'], string, string])[] = [
  ['sudo', 'root', `sudo -H -S -p ASKNONCE -u root -- /bin/sh -c 'printf UPNONCE'`],
  ['sudo', 'a b', `sudo -H -S -p ASKNONCE -u 'a b' -- /bin/sh -c 'printf UPNONCE'`],
  ['su', 'root', `su -s /bin/sh -c 'printf UPNONCE' -- root`],
  ['su', "o'x", `su -s /bin/sh -c 'printf UPNONCE' -- 'o'\\''x'`],
  ['doas', 'libvirt', `doas -n -u libvirt -- /bin/sh -c 'printf UPNONCE'`],
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
  for (const [method, user, command] of commands) {
    it(`by ${method} as ${JSON.stringify(user)} runs a text`, () => {
      assert.equal(becomeCommand({ method, user }, nonces.ask, 'printf UPNONCE'), command);
    });
  }

  for (const [method, what, stdout, stderr, expected] of progress) {
    it(`by ${method} with ${what}: ${expected}`, () => {
      assert.equal(becomeProgress({ method, user: 'root' }, nonces, { stdout, stderr }), expected);
    });
  }
});
