import assert from 'node:assert/strict';
import { hostname } from '../../src/modules/hostname/hostname.ts';
import { timezone } from '../../src/modules/timezone/timezone.ts';
import { check, converge } from '../modules/converge.ts';
import { live, refusal } from './life.ts';
import { inSandboxes } from './sandbox.ts';

inSandboxes('hostname', sandbox => {
  it('is stored and live, and says which differed', () => {
    live(sandbox(), {
      module: hostname,
      args: { name: 'kvm3.example.org' },
      before: "printf '# rack 7\\nold\\n' > /etc/hostname",
      proof: { 'hostname; cat /etc/hostname': 'kvm3.example.org\n# rack 7\nkvm3.example.org\n' },
      disturb: 'hostname other && rm /etc/hostname && printf "# rack 7\\nother" > /etc/hostname',
    });
    sandbox().run('hostname other');
    const decision = check(sandbox().host, hostname, { name: 'kvm3.example.org' });
    assert.equal(decision.kind === 'change' && decision.reason, 'live name differs');
  });
});

inSandboxes('timezone', sandbox => {
  const proof = {
    'date +%Z; cat /etc/timezone; readlink /etc/localtime': 'JST\nAsia/Tokyo\n/usr/share/zoneinfo/Asia/Tokyo\n',
  };

  it('is linked and stored', () => {
    live(sandbox(), {
      module: timezone,
      args: { name: 'Asia/Tokyo' },
      before: 'echo Etc/UTC > /etc/timezone && ln -sf /usr/share/zoneinfo/Etc/UTC /etc/localtime',
      proof,
      disturb: 'rm /etc/localtime && cp /usr/share/zoneinfo/Etc/UTC /etc/localtime && echo x > /etc/timezone',
    });
  });

  it('is linked where nothing is stored', () => {
    const { host, run } = sandbox();
    run('rm /etc/timezone /etc/localtime');
    converge(host, timezone, { name: 'Pacific/Kiritimati' });
    assert.equal(run('date +%Z; ls /etc/timezone 2>/dev/null || :'), '+14\n');
  });

  it('is refused where the zone does not exist, with one that was meant', () => {
    const { host, run } = sandbox();
    assert.match(refusal(host, timezone, { name: 'tokyo' }), /no time zone tokyo: Did you mean Asia\/Tokyo\?/);
    assert.match(refusal(host, timezone, { name: 'Mars/Base' }), /find \/usr\/share\/zoneinfo -type f lists them/);
    run('rm -r /usr/share/zoneinfo');
    assert.match(refusal(host, timezone, { name: 'Asia/Tokyo' }), /Install the package tzdata first/);
  });
});
