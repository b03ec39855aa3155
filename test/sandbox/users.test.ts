import assert from 'node:assert/strict';
import { group } from '../../src/modules/group/group.ts';
import { user } from '../../src/modules/user/user.ts';
import { check, converge } from '../modules/converge.ts';
import { live, refusal } from './life.ts';
import { inSandboxes } from './sandbox.ts';

const secret = '$6$saltsalt$k9G1bqSLDPHyAfhI9ERyg0Ef0CjR4HvZ0hLqcXpTgPOGFSmBhGq1m7TRPgfG0UuQxnGp3KQvyYdbRXQyG3v0y0';
const other = secret.replace('saltsalt', 'pepper');

inSandboxes('user', sandbox => {
  it('is made with all fields, and fixed in each', () => {
    converge(sandbox().host, group, { name: 'vmdisks' });
    live(sandbox(), {
      module: user,
      args: {
        name: 'vm.ops',
        uid: 2000,
        group: 'vmdisks',
        groups: ['audio', 'video'],
        shell: '/bin/dash',
        home: '/srv/a b/ops',
        comment: "It's ours",
        password: secret,
        password_lock: false,
        expires: '2040-02-03',
      },
      proof: {
        'getent passwd vm.ops | sed s/:$(getent group vmdisks | cut -d: -f3):/:G:/':
          "vm.ops:x:2000:G:It's ours:/srv/a b/ops:/bin/dash\n",
        'id -Gn vm.ops': 'vmdisks audio video\n',
        'grep ^vm.ops: /etc/shadow | cut -d: -f2,8': `${secret}:25600\n`,
        'stat -c "%U %G" "/srv/a b/ops" "/srv/a b/ops/.profile"': 'vm.ops vmdisks\nvm.ops vmdisks\n',
      },
      disturb: [
        `usermod -L -u 2001 -g users -G cdrom -c x -s /bin/sh -e '' vm.ops`,
        `printf '%s\\n' 'vm.ops:${other}' | chpasswd -e`,
        `rm -r "/srv/a b"`,
      ].join(' && '),
    });
  });

  it('keeps a lock when the password changes, and is locked and unlocked', () => {
    const { host, run } = sandbox();
    run('useradd -M ann');
    const field = () => run('grep ^ann: /etc/shadow | cut -d: -f2').trim();
    assert.match(refusal(host, user, { name: 'ann', create_home: false, password_lock: false }), /has no password/);
    const args = { name: 'ann', create_home: false };
    converge(host, user, { ...args, password: other });
    assert.equal(field(), other);
    converge(host, user, { ...args, password_lock: true });
    assert.equal(field(), `!${other}`);
    converge(host, user, { ...args, password: secret });
    assert.equal(field(), `!${secret}`);
    assert.equal(check(host, user, { ...args, password: secret }).kind, 'ok');
    assert.equal(check(host, user, { ...args, password: other, update_password: 'on_create' }).kind, 'ok');
    converge(host, user, { ...args, password_lock: false });
    assert.equal(field(), secret);
    converge(host, user, { ...args, password: '*' });
    assert.equal(field(), '*');
    converge(host, user, { ...args, password: '!' });
    assert.equal(field(), '!');
  });

  it('shows the password to no other process, and in no diff', () => {
    const decision = check(sandbox().host, user, { name: 'fresh', password: secret });
    assert.ok(decision.kind === 'change');
    assert.doesNotMatch(JSON.stringify(decision.diff), /saltsalt/);
    const lines = decision.apply.sections.flatMap(section => section.text.split('\n'));
    assert.ok(lines.filter(line => line.includes('saltsalt')).every(line => line.startsWith('printf ')));
  });

  it('is added to groups and stays in others', () => {
    live(sandbox(), {
      module: user,
      args: { name: 'bob', groups: ['audio'], append: true, system: true },
      before: 'useradd -m -G video bob',
      proof: { 'id -Gn bob': 'bob audio video\n' },
      disturb: 'gpasswd -d bob audio >/dev/null',
    });
  });

  it('gets a home like that of useradd', () => {
    const { run } = sandbox();
    run('useradd -m like && useradd -M homeless');
    live(sandbox(), {
      module: user,
      args: { name: 'homeless' },
      proof: {
        'stat -c "%a %U %G" /home/homeless /home/homeless/.profile': run(
          'stat -c "%a %U %G" /home/like /home/like/.profile',
        ).replaceAll('like', 'homeless'),
      },
      disturb: 'rm -r /home/homeless',
    });
  });

  it('is removed with the home', () => {
    const again = 'useradd -m gone && echo x > /home/gone/x';
    live(sandbox(), {
      module: user,
      args: { name: 'gone', state: 'absent', remove: true },
      before: again,
      proof: { 'getent passwd gone; ls -d /home/gone 2>/dev/null; echo': '\n' },
      disturb: again,
    });
  });

  it('is not removed with what belongs to others', () => {
    const args = { name: 'daemon', state: 'absent', remove: true, force: true };
    assert.match(refusal(sandbox().host, user, args), /\/usr\/sbin belongs to root, not to daemon/);
  });

  it('needs groups that exist', () => {
    assert.match(refusal(sandbox().host, user, { name: 'ann', groups: ['nosuch'] }), /the host has no group nosuch/);
  });
});
