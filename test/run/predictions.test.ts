import assert from 'node:assert/strict';
import { isPredicted } from '../../src/run/module/predictions.ts';
import type { Prediction } from '../../src/run/state/prediction.ts';
import type { Resource } from '../../src/shell/answer.ts';

type Row = readonly [need: string, made: string, excused: boolean];

const rows: readonly Row[] = [
  ['user alice', 'user alice', true],
  ['user alice', 'user bob', false],
  ['user alice', 'group alice', false],
  ['user *', 'user bob', true],
  ['user *', 'group bob', false],
  ['user alice', 'anything alice', true],
  ['user alice', 'anything bob', false],
  ['path /srv/a/b', 'path /srv/a', true],
  ['path /srv/a', 'path /srv/a/b', true],
  ['path /srv/a', 'path /srv/a/', true],
  ['path /srv/ab', 'path /srv/a', false],
  ['path /srv/a', 'path /srv/ab', false],
  ['path /srv/a/b', 'anything /srv/a', true],
  // A unit or program comes with a package, and it is not known which.
  ['program virsh', 'package libvirt-clients', true],
  ['program virsh', 'path /usr/bin/virsh', false],
  ['program virsh', 'anything virsh', false],
  ['unit libvirtd', 'package libvirt-daemon', true],
  ['unit libvirtd', 'unit libvirtd', true],
  ['unit libvirtd', 'unit sshd', false],
  ['vg a/b', 'vg a', false],
];

describe('what check mode has foretold', () => {
  for (const [need, made, excused] of rows) {
    it(`${excused ? 'excuses' : 'does not excuse'} the need of ${need}: ${made}`, () => {
      const needed = resource(need) as Resource;
      assert.equal(isPredicted([needed], [resource(made)]), excused ? needed : undefined);
      assert.equal(isPredicted([needed], []), undefined);
    });
  }
});

function resource(text: string): Prediction {
  const [kind, name] = text.split(' ');
  return { kind, name } as Prediction;
}
