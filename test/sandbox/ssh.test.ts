import assert from 'node:assert/strict';
import { authorizedKey } from '../../src/modules/authorized_key/authorized_key.ts';
import { knownHosts } from '../../src/modules/known_hosts/known_hosts.ts';
import { check, converge } from '../modules/converge.ts';
import { live, refusal } from './life.ts';
import { inSandboxes, type Sandbox } from './sandbox.ts';

inSandboxes('authorized_key', sandbox => {
  let key = '';
  let other = '';

  before(() => {
    sandbox().run('useradd -m ann && useradd -m bob && useradd -M nohome');
    key = newKey(sandbox(), "ann's laptop");
    other = newKey(sandbox(), 'other');
  });

  it('is made with its directory, and fixed', () => {
    live(sandbox(), {
      module: authorizedKey,
      args: { user: 'ann', key, key_options: 'no-pty,from="10.0.0.0/8"' },
      proof: {
        'stat -c "%a %U %G" ~ann/.ssh ~ann/.ssh/authorized_keys; ls -A ~ann/.ssh':
          '700 ann ann\n600 ann ann\nauthorized_keys\n',
        'grep -c "^no-pty" ~ann/.ssh/authorized_keys; ssh-keygen -lf ~ann/.ssh/authorized_keys': `1\n${fingerprint(sandbox(), key)}`,
      },
      disturb: 'chown -R bob ~ann/.ssh && chmod 777 ~ann/.ssh && : > ~ann/.ssh/authorized_keys',
    });
  });

  it('keeps other lines, unless it is exclusive', () => {
    const { host, run } = sandbox();
    run(`mkdir ~bob/.ssh && printf '# mine\\n\\nweird\\n%s' '${other}' > ~bob/.ssh/authorized_keys`);
    converge(host, authorizedKey, { user: 'bob', key });
    assert.equal(run('cat ~bob/.ssh/authorized_keys'), `# mine\n\nweird\n${other}\n${key}\n`);
    assert.equal(check(host, authorizedKey, { user: 'bob', key: `${other}\n${key}\n` }).kind, 'ok');
    converge(host, authorizedKey, { user: 'bob', key, exclusive: true });
    assert.equal(run('cat ~bob/.ssh/authorized_keys'), `# mine\n\n${key}\n`);
  });

  it('is removed', () => {
    const again = `echo "${key}" > ~bob/.ssh/authorized_keys`;
    live(sandbox(), {
      module: authorizedKey,
      args: { user: 'bob', key, state: 'absent' },
      before: again,
      proof: { 'grep -c ssh- ~bob/.ssh/authorized_keys || :': '0\n' },
      disturb: again,
    });
  });

  it('is not written through a link that its user made', () => {
    const { host, run } = sandbox();
    run('rm -r ~bob/.ssh && ln -s /etc ~bob/.ssh');
    assert.match(refusal(host, authorizedKey, { user: 'bob', key }), /\.ssh is a symbolic link/);
    run('rm ~bob/.ssh && mkdir ~bob/.ssh && ln -s /etc/passwd ~bob/.ssh/authorized_keys');
    assert.match(refusal(host, authorizedKey, { user: 'bob', key }), /authorized_keys is a symbolic link/);
    run('rm ~bob/.ssh/authorized_keys && ln -s /etc/trap ~bob/.ssh/.authorized_keys.hostwright-part');
    converge(host, authorizedKey, { user: 'bob', key });
    run('[ ! -e /etc/trap ]');
  });

  it('is in a file that is named', () => {
    live(sandbox(), {
      module: authorizedKey,
      args: { user: 'nohome', key, path: '/etc/ssh/keys of/nohome' },
      before: 'mkdir -p "/etc/ssh/keys of"',
      proof: { 'stat -c "%a %U" "/etc/ssh/keys of/nohome"; cat "/etc/ssh/keys of/nohome"': `644 root\n${key}\n` },
      disturb: 'rm "/etc/ssh/keys of/nohome"',
    });
  });

  it('needs a home', () => {
    assert.match(refusal(sandbox().host, authorizedKey, { user: 'nohome', key }), /home of nohome, does not exist/);
  });
});

inSandboxes('known_hosts', sandbox => {
  let key = '';
  let other = '';
  const found = 'ssh-keygen -F backup';

  before(() => {
    // What root of this machine has is in the sandbox, too.
    sandbox().run('rm -rf ~/.ssh');
    key = newKey(sandbox(), '');
    other = newKey(sandbox(), '');
  });

  it('makes the host known, and its directory', () => {
    live(sandbox(), {
      module: knownHosts,
      args: { name: 'backup', key: `backup ${key}` },
      proof: { [`${found} | tail -n 1; stat -c %a ~/.ssh`]: `backup ${key}\n700\n` },
      disturb: `echo 'backup ${other}' > ~/.ssh/known_hosts`,
    });
  });

  it('finds what ssh has hashed, and stays hashed', () => {
    live(sandbox(), {
      module: knownHosts,
      args: { name: 'backup', key },
      before: `printf 'other ${key}\\nbackup,10.0.0.7 ${other}\\n' > ~/.ssh/known_hosts && ssh-keygen -q -H && rm ~/.ssh/*.old`,
      proof: {
        [`${found} | tail -n 1 | cut -d' ' -f2-`]: `${key}\n`,
        "ssh-keygen -F 10.0.0.7 | tail -n 1 | cut -d' ' -f2-": `${other}\n`,
        'grep -c "^|1|" ~/.ssh/known_hosts': '3\n',
      },
      disturb: `sed -i 's#${key}#${other}#' ~/.ssh/known_hosts`,
    });
  });

  it('hashes as ssh does', () => {
    live(sandbox(), {
      module: knownHosts,
      args: { name: '[backup]:2222', key, hash_host: true, path: '/etc/ssh/ssh_known_hosts' },
      before: `echo '[backup]:2222 ${key}' > /etc/ssh/ssh_known_hosts`,
      proof: {
        'ssh-keygen -F "[backup]:2222" -f /etc/ssh/ssh_known_hosts | grep -c "^|1|"': '1\n',
        'grep -c backup /etc/ssh/ssh_known_hosts || :': '0\n',
      },
      disturb: `echo '[backup]:2222 ${key}' > /etc/ssh/ssh_known_hosts`,
    });
  });

  it('forgets the host', () => {
    const again = `echo 'backup,other ${key}' >> ~/.ssh/known_hosts`;
    live(sandbox(), {
      module: knownHosts,
      args: { name: 'backup', state: 'absent' },
      before: again,
      proof: { [`${found} || echo forgotten`]: 'forgotten\n', 'ssh-keygen -F other | grep -c found': '2\n' },
    });
  });

  it('lets ssh in', () => {
    const { host, run } = sandbox();
    run(
      'mkdir -p /run/sshd && rm -f ~/.ssh/* /etc/ssh/ssh_known_hosts && ssh-keygen -q -t ed25519 -N "" -f ~/.ssh/id_ed25519',
    );
    run(
      'cd /tmp && rm -f hk && ssh-keygen -q -t ed25519 -N "" -f hk && $(command -v sshd) -h /tmp/hk -p 2222 -o ListenAddress=127.0.0.1',
    );
    const port = { name: '[127.0.0.1]:2222', key: run('cat /tmp/hk.pub') };
    converge(host, knownHosts, { ...port, hash_host: true });
    converge(host, authorizedKey, { user: 'root', key: run('cat ~/.ssh/id_ed25519.pub') });
    assert.equal(run('ssh -o BatchMode=yes -o StrictHostKeyChecking=yes -p 2222 127.0.0.1 echo in'), 'in\n');
  });
});

function newKey({ run }: Sandbox, comment: string): string {
  return run(`cd /tmp && rm -f k k.pub && ssh-keygen -q -t ed25519 -N '' -C "${comment}" -f k && cat k.pub`).trim();
}

function fingerprint({ run }: Sandbox, key: string): string {
  return run(`printf '%s\\n' "${key}" > /tmp/one && ssh-keygen -lf /tmp/one`);
}
