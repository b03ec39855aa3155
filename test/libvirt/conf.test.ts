import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfSyntax, parseConf, setInConf } from '../../src/modules/libvirt_conf/conf-text.ts';
import { embedded } from './embed.ts';

/** Without these the driver does not start here. */
const needed = '\nuser = "root"\nsecurity_driver = "none"\n';

const good = [
  '# a comment\n\n  max_files = 7 # behind\n',
  'max_files=7;max_core = "unlimited" ; ',
  'a = \'it is "so"\'\nb = "it\'s"\n',
  'a = [ "x", \'y\' ,\n\n"z", ]\n',
  'a = [ ]\nb = -5\nc = +5',
  'a = """two\nlines # none\n"""\n',
  'a = 1\r\nb = 2\r\n',
  'a = [ [ "x" ], "y" ]\n',
];
const bad = [
  'a = [\n "x"\n# note\n]\n',
  'a = "open\n',
  'a = yes\n',
  'a 1\n',
  '= 1\n',
  'a = 1 b = 2\n',
  'a = [ "x" "y" ]\n',
  '[section]\n',
  'a-b = 1\n',
  'a = [ "x"\n',
  'a = [ , "x" ]\n',
];

describe("the reader of libvirt's configuration, compared with libvirt's own", () => {
  const embed = embedded();

  /** The line of the syntax error; undefined if libvirt starts. */
  function libvirtSays(text: string): number | undefined {
    writeFileSync(join(embed.directory, 'etc/qemu.conf'), text + needed);
    try {
      embed.virsh('uri');
      return undefined;
    } catch (error) {
      return Number(/syntax error: .*qemu\.conf:(\d+):/.exec(String(error))?.[1] ?? assert.fail(String(error)));
    }
  }

  for (const text of good) {
    it(`takes ${JSON.stringify(text)}`, () => {
      assert.equal(libvirtSays(text), undefined);
      const names = parseConf(text).map(({ name }) => name);
      assert.ok(names.length > 0);
      const edited = names.reduce((all, name) => setInConf(all, name, ['it is "so"', "it's"]), text);
      assert.deepEqual(
        parseConf(edited).map(({ value }) => value),
        names.map(() => ['it is "so"', "it's"]),
      );
      // A setting that libvirt knows may have another type now.
      const unknown = edited.replace(/max_(files|core)/g, 'x_$1');
      assert.equal(libvirtSays(setInConf(unknown, 'max_files', 9)), undefined);
    });
  }

  for (const text of bad) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.ok(libvirtSays(text) !== undefined);
      assert.throws(() => parseConf(text + needed), ConfSyntax);
    });
  }
});
