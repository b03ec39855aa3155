import assert from 'node:assert/strict';
import type { NumberedEvent } from '../../src/events/event.ts';
import {
  openView,
  type PlayView,
  secondsText,
  timeLeft,
  titleOf,
  updateView,
  workOf,
} from '../../src/reporters/play-view.ts';
import { createScreen } from '../../src/reporters/screen.ts';
import { cutTo, widthOf, wrap } from '../../src/reporters/text-width.ts';
import { done, type Moment, result, start, task } from './story.ts';

/** A play after some events, with the time at which it is looked at. */
function viewOf(hosts: readonly string[], story: readonly Moment[]): PlayView {
  const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
  const view = openView({ type: 'play.started', play: 'Tune', hosts, tasks: 2, seq: 1, time: at(0) });
  for (const [seconds, event] of story) updateView(view, { ...event, seq: 1, time: at(seconds) } as NumberedEvent);
  return view;
}

/**
 * What a terminal shows after all that was written to it: text, newlines, and what a screen sends.
 */
function shown(text: string): readonly string[] {
  let lines = [''];
  for (const [piece, up] of text.matchAll(/\r\u001b\[(\d+)A\u001b\[J|\n|[^\n\r\u001b]+/g)) {
    if (up !== undefined) lines = [...lines.slice(0, lines.length - 1 - Number(up)), ''];
    else if (piece === '\n') lines.push('');
    else lines[lines.length - 1] += piece;
  }
  return lines;
}

/** A task of a host prints something. */
function outputOf(host: string, text: string) {
  return { type: 'task.output', host, task: task('Write it'), stream: 'stdout', text, dropped: 0 } as const;
}

describe('the live view of a play', () => {
  const hosts = Array.from({ length: 20 }, (_, at) => `h${at + 1}`);
  const story: Moment[] = [
    ...hosts.slice(0, 12).flatMap(host => done(host, task('Write it'), result('changed', 'x'), [0, 2])),
    ...hosts
      .slice(12)
      .map((host, at): Moment => [at, { type: 'task.started', host, task: task('Write it'), place: '0/0' }]),
    [3, { type: 'task.started', host: 'h1', task: task('Restart', { handler: true }), place: '0/0' }],
  ];

  it('names the tasks at work, how far they are, and the hosts that take longest', () => {
    const view = viewOf(hosts, story);
    assert.deepEqual(
      [titleOf(view, start + 65_000, false), ...workOf(view, start + 65_000)],
      [
        'Tune (20 hosts)  1 min 05 s  ok 12 · changed 12',
        '  Write it  12 of 20 · running 8',
        '  handler Restart  0 of 20 · running 1',
        '  longest: h13 1 min 05 s (Write it) · h14 1 min 04 s (Write it) · h15 1 min 03 s (Write it) · ' +
          'h16 1 min 02 s (Write it) · h1 1 min 02 s (handler Restart)',
      ],
    );
  });

  it('shows the last line that the slowest host printed', () => {
    const view = viewOf(hosts, [
      ...story,
      [4, outputOf('h14', 'Unpacking\nSetting up linux-image\n\n')],
      [5, outputOf('h15', 'later')],
      [6, outputOf('h1', 'of a task that is not the slowest')],
    ]);
    assert.equal(workOf(view, start + 65_000).at(-1), '  h14 | Setting up linux-image');
    updateView(view, { ...outputOf('h13', '\u001b[2Jclear'), seq: 1, time: '' } as NumberedEvent);
    assert.equal(workOf(view, start + 65_000).at(-1), '  h13 | \\x1b[2Jclear');
  });

  it('says how long the rest may take, once there is something to judge it by', () => {
    const view = viewOf(hosts, story);
    // 12 of 40 tasks in a minute: 28 are left.
    assert.equal(timeLeft(view, start + 60_000), 'about 3 min left');
    assert.equal(timeLeft(view, start + 15_000), 'about 40 s left');
    assert.equal(timeLeft(view, start + 3_600_000), 'about 2 h 20 min left');
    assert.equal(timeLeft(view, start + 9_000), '', 'it has only begun');
    assert.equal(timeLeft(viewOf(hosts, story.slice(0, 2)), start + 60_000), '', 'too little is done');
  });

  it('counts no host that goes no further in what is left', () => {
    const failed = result('failed', 'x');
    const view = viewOf(
      ['h1', 'h2'],
      [...done('h1', task('a'), result('ok', 'x'), [0, 1]), ...done('h2', task('a'), failed, [0, 1])],
    );
    assert.equal(timeLeft(view, start + 20_000), 'about 10 s left');
    const last = done('h1', task('b'), result('ok', 'x'), [1, 2]);
    for (const [, event] of last) updateView(view, { ...event, seq: 1, time: '' } as NumberedEvent);
    assert.equal(timeLeft(view, start + 20_000), '');
  });

  it('counts in the order of severity, whatever comes first', () => {
    const view = viewOf(
      ['h1', 'h2'],
      [
        ...done('h1', task('a'), result('failed', 'x'), [0, 1]),
        ...done('h2', task('a'), result('changed', 'x'), [0, 1]),
        ...done('h2', task('b'), result('ok', 'x'), [1, 1]),
      ],
    );
    assert.equal(titleOf(view, start, true), 'Tune (2 hosts)  0 s  ok 2 · would change 1 · failed 1');
  });

  it('writes times as people do', () => {
    assert.deepEqual([0, 59_999, 60_000, 3_780_000].map(secondsText), ['0 s', '59 s', '1 min 00 s', '1 h 03 min']);
  });
});

describe('a screen with a block at its end', () => {
  for (const columns of [50, 80, 100, 200])
    it(`keeps what is printed above the block, at ${columns} columns`, () => {
      let text = '';
      const write = (part: string) => {
        text += part;
      };
      const screen = createScreen(write, () => columns);
      screen.draw(['⠋ Tune', `  ${'long '.repeat(60)}`]);
      screen.print('failed h3\n');
      screen.draw(['⠙ Tune', '  Write it', '  longest: h4']);
      screen.print('failed h7\n');
      const [first, second, ...block] = shown(text);
      assert.deepEqual(
        [first, second, ...block],
        ['failed h3', 'failed h7', '⠙ Tune', '  Write it', '  longest: h4', ''],
      );
      for (const line of text.split('\n')) assert.ok(widthOf(line.replace(/\r|\u001b\[\d*[AJ]/g, '')) < columns, line);
      screen.clear();
      assert.deepEqual(shown(text), ['failed h3', 'failed h7', '']);
    });
});

describe('text on a terminal', () => {
  it('is broken between words, and hangs below its first line', () => {
    assert.deepEqual(wrap('changed  h1  Write it — content differs', 20, 6), [
      'changed  h1  Write',
      '      it — content',
      '      differs',
    ]);
    assert.deepEqual(wrap('    deep down', 80, 6), ['    deep down']);
    assert.deepEqual(wrap(`a ${'x'.repeat(25)} b`, 12, 2), ['a', '  xxxxxxxxxx', '  xxxxxxxxxx', '  xxxxx b']);
    assert.deepEqual(wrap('', 80, 6), ['']);
  });

  it('counts wide letters, marks and paint as a terminal does', () => {
    assert.equal(widthOf('日本'), 4);
    assert.equal(widthOf('e\u0301'), 1);
    assert.equal(widthOf('\u001b[31mred\u001b[39m'), 3);
    assert.equal(cutTo(4, '日本語'), '日…');
    assert.equal(cutTo(4, 'four'), 'four');
  });
});
