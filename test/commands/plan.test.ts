import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type PlanFile, readPlan, writePlan } from '../../src/planned/plan-file.ts';
import { type CommandRun, workshop } from './cli.ts';

const { run, path, write } = workshop();

const hosts = ['-i', 'h1,h2,', '-c', 'local'];
const stated = ['--state', 'state'];
const plan = (...words: readonly string[]) => run('plan', 'site.yml', ...hosts, '-o', 'site.plan', ...words);
const apply = (...words: readonly string[]) => run('apply', 'site.plan', ...stated, ...words);
const read = (name: string) => readFileSync(path(name), 'utf8');

/** A command must end so, and print something like that. */
function ends({ exitCode, stdout, stderr }: CommandRun, wanted: number, text = /(?:)/): void {
  assert.equal(exitCode, wanted, stdout + stderr);
  assert.match(stdout + stderr, text);
}

function site(...tasks: readonly object[]): void {
  write({ 'site.yml': JSON.stringify([{ hosts: 'all', gather_facts: false, tasks }], null, 2) });
}

const file = (content: string, more: object = {}) => ({
  name: 'file',
  copy: { content, dest: path('{{ inventory_hostname }}.txt') },
  ...more,
});

/** A command of which check mode knows no output, and a file that needs it. */
const unknown = () => [
  { name: 'ask', shell: 'echo word', register: 'ask' },
  { name: 'unknown', copy: { content: '{{ ask.stdout }}', dest: path('{{ inventory_hostname }}.unknown') } },
];

/** Writes the plan again, otherwise than it was made, as Hostwright would. */
function rewrite(change: (made: PlanFile) => PlanFile): void {
  writePlan(path('site.plan'), change(readPlan(path('site.plan'))));
}

describe('hostwright plan', function () {
  this.timeout(120_000);

  it('writes no secret: of arguments, of -e, of a file, or that no_log hides', () => {
    site(
      file('key={{ password }}\n'),
      { name: 'hidden', shell: 'echo S3CR3T-hidden', no_log: true },
      { name: 'each', shell: 'echo {{ item }}', loop: ['S3CR3T-item'], no_log: true },
      // Where the service does not answer, the plan has that.
      { name: 'argument', uri: { url: 'http://127.0.0.1:9', url_username: 'u', url_password: 'S3CR3T-argument' } },
    );
    ends(plan('-e', 'password=S3CR3T-given', '--markdown', 'site.md'), 2);
    for (const name of ['site.plan', 'site.md']) {
      assert.doesNotMatch(read(name), /S3CR3T/, name);
      assert.match(read(name), /key=\*\*\*/, name);
    }
  });

  it('has no hash from which a secret can be found by trying', () => {
    site(file('{{ db_password }}', { vars: { more: '{{ word }}' } }), {
      name: 'hidden',
      copy: { content: '{{ word }}', dest: path('{{ inventory_hostname }}.pin') },
      no_log: true,
    });
    write({ 'hosts.yml': `all: {hosts: {h1: {ansible_connection: local, db_password: S3CR3T-db}}}\n` });
    ends(run('plan', 'site.yml', '-i', 'hosts.yml', '-o', 'site.plan', '-e', 'word=1234', '-e', 'token=S3CR3T-t'), 0);
    const { head, tasks } = readPlan(path('site.plan'));
    const hashOf = (text: string) =>
      createHmac('sha256', Buffer.from(head.salt, 'hex')).update(text).digest('hex').slice(0, 32);
    // What is not secret can be found so.
    assert.equal(head.inputs.variables.word, hashOf('"1234"'));
    assert.equal(head.inputs.variables.token, hashOf('"***"'));
    const [written, hidden] = tasks.map(({ calls }) => calls);
    assert.equal(written?.[0]?.change?.diff[0]?.after, hashOf('"***"'));
    assert.deepEqual(hidden, [{ change: { diff: [], touches: [] } }]);
  });

  it('ends with how the plan is reviewed and applied, and not how check mode goes on', () => {
    site(file('{{ word }}'));
    const { stdout, stderr } = plan('-e', 'word=one', '--markdown', 'site.md');
    assert.match(stdout, /^CHECK MODE: nothing was changed\n$/m);
    assert.doesNotMatch(stdout + stderr, /without --check/);
    const [review = '', next] = stderr.trimEnd().split('\n').slice(-2);
    assert.match(
      review,
      /^The plan is in site\.plan\. Review site\.md, then apply it until \d{4}-\d\d-\d\d \d\d:\d\d UTC:$/,
    );
    assert.equal(next, "  hostwright apply site.plan -e 'word=…'");
  });

  it('writes the same Markdown twice, equal differences once', () => {
    site(file('{{ inventory_hostname }}\n'), ...unknown());
    ends(plan('--markdown', 'one.md'), 0);
    ends(plan('--markdown', 'two.md'), 0);
    assert.equal(read('one.md'), read('two.md'));
    assert.match(read('one.md'), /^2 of 2 hosts would change\.$/m);
    assert.equal(read('one.md').match(/\*\*would change\*\* file on h1, h2 /g)?.length, 1);
    assert.match(read('one.md'), /\*\*may change\*\* unknown on h1, h2 /);
  });

  it('keeps names and contents from becoming markup', () => {
    const evil = '</details> <script>x</script> `` [a](http://b) *c*\u001b[2J';
    site(file('```\n</details>\n```\n', { name: evil }));
    ends(plan('--markdown', 'site.md'), 0);
    const text = read('site.md');
    assert.match(text, /\\<\/details\\> \\<script\\>x\\<\/script\\> \\`\\` \\\[a\\\]\\\(http:\/\/b\\\) \\\*c\\\*/);
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f]/);
    assert.match(text, /^ {2}````diff\n(?:.*\n)*? {2}\+```\n(?:.*\n)*? {2}````$/m);
  });

  it('says where nothing would change, and leaves no plan of a playbook that is wrong', () => {
    site({ name: 'nothing', debug: { msg: 'x' } });
    ends(plan('--markdown', 'site.md'), 0);
    assert.match(read('site.md'), /^Nothing would change\.$/m);
    write({ 'site.yml': '- hosts: all\n  tasks: [{nothing: }]\n' });
    ends(run('plan', 'site.yml', ...hosts, '-o', 'other.plan'), 5);
    assert.ok(!existsSync(path('other.plan')));
    site(file('x'));
    ends(run('plan', 'site.yml', ...hosts), 5, /--out/);
    ends(run('plan', 'site.yml', ...hosts, '-o', 'none/site.plan'), 5, /cannot be written/);
  });
});

describe('hostwright apply', function () {
  this.timeout(120_000);

  it('does what the plan has, and nothing more when it is done twice', () => {
    site(file('one\n'));
    ends(plan('--detailed-exitcode'), 3);
    assert.ok(!existsSync(path('h1.txt')));
    ends(apply('-l', 'h1'), 3);
    assert.ok(!existsSync(path('h2.txt')));
    ends(apply(), 3);
    assert.deepEqual([read('h1.txt'), read('h2.txt')], ['one\n', 'one\n']);
    ends(apply(), 0);
  });

  it('refuses a host that was changed in between, and that alone', () => {
    site(file('one\n'), { name: 'after', shell: `touch ${path('{{ inventory_hostname }}.after')}` });
    ends(plan(), 0);
    writeFileSync(path('h1.txt'), 'by hand\n');
    ends(apply(), 2, /h1 +failed +file — not as planned: the host was changed since .*\n +Nothing/);
    assert.deepEqual([read('h1.txt'), read('h2.txt')], ['by hand\n', 'one\n']);
    assert.deepEqual([existsSync(path('h1.after')), existsSync(path('h2.after'))], [false, true]);
    // Gone on with, it is still held to the plan.
    ends(run('resume', 'last', ...stated), 2, /not as planned/);
    rmSync(path('h1.txt'));
    ends(run('resume', 'last', ...stated), 0);
    assert.equal(read('h1.txt'), 'one\n');
  });

  it('refuses what the plan found right, and what is not in it', () => {
    site(file('one\n'));
    writeFileSync(path('h1.txt'), 'one\n');
    ends(plan(), 0);
    writeFileSync(path('h1.txt'), 'by hand\n');
    ends(apply('-l', 'h1'), 2, /not as planned: the plan found nothing to change/);
    rewrite(({ head, tasks }) => ({ head, tasks: tasks.filter(({ host }) => host === 'h1') }));
    ends(apply('-l', 'h2'), 2, /not as planned: it is not in the plan/);
    assert.ok(!existsSync(path('h2.txt')));
  });

  it('lets a later task go on from what an earlier one has left', () => {
    const dest = path('{{ inventory_hostname }}.txt');
    site(
      { lineinfile: { path: dest, line: 'a', create: true } },
      { lineinfile: { path: dest, line: 'b', create: true } },
    );
    ends(plan(), 0);
    ends(apply(), 0);
    assert.equal(read('h1.txt'), 'a\nb\n');
  });

  it('runs a task of which the plan could not tell, but not with --no-unknown', () => {
    site(...unknown());
    ends(plan(), 0);
    ends(apply('--no-unknown'), 2, /unknown — not as planned: the plan could not tell what it would do/);
    assert.ok(!existsSync(path('h1.unknown')));
    ends(apply(), 0);
    assert.equal(read('h1.unknown'), 'word');
  });

  it('refuses other inputs, and lists them', () => {
    site(file('{{ word }}'));
    ends(plan('-e', 'word=one'), 0);
    ends(apply('-e', 'word=two'), 5, /not what they were:\n {2}the variable word of -e was changed/);
    writeFileSync(path('site.yml'), `${read('site.yml')}\n# more\n`);
    ends(apply('-e', 'word=one'), 5, /not what they were:\n {2}site\.yml was changed/);
    assert.ok(!existsSync(path('h1.txt')));
  });

  it('applies a secret that was changed since, which it does not have, where it was made or elsewhere', () => {
    site(file('{{ db_password }}'), file('{{ word }}', { no_log: true, when: 'false' }));
    ends(plan('-e', 'db_password=S3CR3T-one'), 0);
    ends(run('apply', 'site.plan', '--state', 'elsewhere', '-e', 'db_password=S3CR3T-two', '-e', 'word=x'), 5);
    ends(run('apply', 'site.plan', '--state', 'elsewhere', '-e', 'db_password=S3CR3T-two'), 0);
    assert.equal(read('h1.txt'), 'S3CR3T-two');
  });

  it('lets a task with no_log do what it does on a host that was changed in between', () => {
    site(file('one\n', { no_log: true }));
    ends(plan(), 0);
    writeFileSync(path('h1.txt'), 'by hand\n');
    ends(apply(), 0);
    assert.deepEqual([read('h1.txt'), read('h2.txt')], ['one\n', 'one\n']);
    ends(plan(), 0);
    writeFileSync(path('h1.txt'), 'by hand\n');
    ends(apply('-l', 'h1'), 2, /hidden by no_log/);
    assert.equal(read('h1.txt'), 'by hand\n');
  });

  it('asks for the values of -e that the plan had', () => {
    site(file('{{ word }}'));
    ends(plan('-e', 'word=one'), 0);
    assert.doesNotMatch(read('site.plan').split('\n')[0]!, /word=one/);
    ends(apply(), 5, /with values of -e that are missing.*\n.*hostwright apply site\.plan -e 'word=…'/);
    ends(apply('-e', 'word=one'), 0);
  });

  it('refuses hosts that the plan does not have', () => {
    site(file('x'));
    ends(plan('-l', 'h1'), 0);
    ends(apply('-l', 'h2'), 5, /The plan site\.plan does not have h2\./);
    ends(apply('-l', 'h9'), 5, /No host or group is named "h9"/);
    assert.ok(!existsSync(path('h2.txt')));
  });

  for (const [what, change, message] of [
    ['that has expired', { expires: '2020-01-02T00:00:00.000Z' }, /expired on 2020-01-02/],
    [
      'from the future',
      { created: '2999-01-01T00:00:00.000Z', expires: '2999-01-02T00:00:00.000Z' },
      /is of 2999.*\n.*clock/,
    ],
    ['of a format that is newer', { version: 2 as 1 }, /has version 2, and this Hostwright reads version 1/],
  ] as const) {
    it(`refuses a plan ${what}`, () => {
      site(file('x'));
      ends(plan(), 0);
      const { head, tasks } = readPlan(path('site.plan'));
      writePlan(path('site.plan'), { head: { ...head, ...change }, tasks });
      ends(apply(), 5, message);
      assert.ok(!existsSync(path('h1.txt')));
    });
  }

  it('refuses a plan of another Hostwright', () => {
    site(file('x'));
    ends(plan(), 0);
    const versions = { hostwright: '0.0.1', node: '24.0.0' };
    rewrite(({ head, tasks }) => ({ head: { ...head, origin: { ...head.origin, versions } }, tasks }));
    ends(apply(), 5, /is of Hostwright 0\.0\.1, and this is /);
  });

  it('refuses a plan that was edited, cut, or is something else', () => {
    site(file('x'));
    ends(plan(), 0);
    const text = read('site.plan');
    const lines = text.split(/(?<=\n)/);
    for (const [given, message] of [
      [text.replace('"is absent"', '"is there"'), /was changed after it was made/],
      [lines.slice(0, -1).join(''), /is not whole/],
      [text.slice(0, -20), /is not whole/],
      [[lines[0], lines.at(-1)].join(''), /was changed after it was made/],
      ['- hosts: all\n', /is not whole/],
      ['', /is not whole/],
      [lines.slice(1).join(''), /is not a plan of Hostwright/],
    ] as const) {
      writeFileSync(path('site.plan'), given);
      ends(apply(), 5, message);
    }
    rmSync(path('site.plan'));
    ends(apply(), 5, /The plan site\.plan cannot be read: ENOENT/);
    assert.ok(!existsSync(path('h1.txt')));
  });
});
