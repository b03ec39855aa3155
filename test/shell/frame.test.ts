import assert from 'node:assert/strict';
import fc from 'fast-check';
import { encodeFrame, keptBytes, readFrame } from '../../src/shell/frame.ts';
import { raw } from '../../src/shell/quote.ts';
import { type Answer, type Script, script } from '../../src/shell/script.ts';

const nonce = '0123456789abcdef0123456789abcdef';

function sectionsNamed(...names: readonly string[]): Script {
  return script(Object.fromEntries(names.map(name => [name, raw(':')])));
}

/** The bytes of one stream as a shell would send them. */
function streamOf(parts: readonly { readonly bytes: Uint8Array; readonly code: number }[]): Buffer {
  const sections = parts.flatMap(({ bytes, code }, at) => [bytes, Buffer.from(`${nonce} ${at} ${code}\n`)]);
  return Buffer.concat([Buffer.from(`${nonce} start 0\n`), ...sections, Buffer.from(`${nonce} end 0\n`)]);
}

function plain(answer: Answer): unknown {
  return Object.fromEntries(
    Object.entries(answer).map(([name, { code, stdout, stderr, bytes }]) => [
      name,
      { code, stdout, stderr, bytes: Buffer.from(bytes).toString('hex') },
    ]),
  );
}

/** Cuts bytes at places given as shares of the whole. */
function cut(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const cuts = [
    0,
    ...places.map(place => Math.floor(place * (bytes.length + 1))).toSorted((a, b) => a - b),
    bytes.length,
  ];
  return cuts.slice(1).map((end, at) => bytes.subarray(cuts[at], end));
}

const part = fc.record({
  bytes: fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    // Text that looks like the beginning of a mark.
    fc.constantFrom(nonce.slice(0, 9), nonce, `${nonce.slice(0, 31)}`, '\n', '').map(text => Buffer.from(text)),
  ),
  code: fc.integer({ min: 0, max: 255 }),
});
const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

describe('the reader of a frame', () => {
  it('gives the same answer however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(part, part), { minLength: 1, maxLength: 5 }),
        places,
        places,
        (parts, first, second) => {
          const stdout = streamOf(parts.map(([out]) => out));
          const stderr = streamOf(parts.map(([out, err]) => ({ bytes: err.bytes, code: out.code })));
          const asked = sectionsNamed(...parts.map((_, at) => `s${at}`));
          const heard: Buffer[] = [];
          const reader = readFrame(asked, nonce, {
            heard: (stream, bytes) => {
              if (stream === 'stdout') heard.push(Buffer.from(bytes));
            },
          });
          for (const chunk of cut(stdout, first)) reader.push('stdout', chunk);
          assert.equal(reader.done(), false);
          for (const chunk of cut(stderr, second)) reader.push('stderr', chunk);
          assert.equal(reader.done(), true);
          assert.equal(reader.stray(), 0);
          assert.deepEqual(Buffer.concat(heard), Buffer.concat(parts.map(([out]) => out.bytes)));
          const expected = parts.map(([out, err], at) => [
            `s${at}`,
            {
              code: out.code,
              stdout: Buffer.from(out.bytes).toString(),
              stderr: Buffer.from(err.bytes).toString(),
              bytes: Buffer.from(out.bytes).toString('hex'),
            },
          ]);
          assert.deepEqual(plain(reader.answer()), Object.fromEntries(expected));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('lets a line be heard as soon as it is printed', () => {
    const heard: string[] = [];
    const reader = readFrame(sectionsNamed('a'), nonce, { heard: (_, bytes) => heard.push(`${Buffer.from(bytes)}`) });
    reader.push('stdout', Buffer.from(`${nonce} start 0\n50 %\n`));
    assert.deepEqual(heard, ['50 %\n']);
    reader.push('stdout', Buffer.from(`60 %\n${nonce.slice(0, 5)}`));
    assert.deepEqual(heard, ['50 %\n', '60 %\n']);
  });

  it('decodes a character whose bytes come in two chunks', () => {
    const reader = readFrame(sectionsNamed('a'), nonce);
    const bytes = streamOf([{ bytes: Buffer.from('größe 😀'), code: 0 }]);
    for (const byte of bytes) reader.push('stdout', Uint8Array.of(byte));
    reader.push('stderr', streamOf([{ bytes: Buffer.alloc(0), code: 0 }]));
    assert.equal(reader.answer().a!.stdout, 'größe 😀');
  });

  it('counts bytes before the frame as strays and gives back those after it; no section gets them', () => {
    const reader = readFrame(sectionsNamed('a'), nonce);
    const own = streamOf([{ bytes: Buffer.from('x'), code: 0 }]);
    const rest = reader.push('stdout', Buffer.concat([Buffer.from('late!'), own, Buffer.from('more')]));
    assert.equal(Buffer.from(rest).toString(), 'more');
    assert.equal(reader.ended('stdout'), true);
    assert.equal(reader.done(), false);
    assert.equal(reader.push('stderr', streamOf([{ bytes: Buffer.alloc(0), code: 0 }])).length, 0);
    assert.equal(reader.done(), true);
    assert.equal(reader.stray(), 5);
    assert.equal(reader.answer().a!.stdout, 'x');
  });

  it('has no answer of a section that did not run', () => {
    const reader = readFrame(sectionsNamed('a', 'b', 'c'), nonce);
    for (const stream of ['stdout', 'stderr'] as const) {
      reader.push(stream, Buffer.from(`${nonce} start 0\n${nonce} 0 1\n${nonce} end 0\n`));
    }
    assert.deepEqual(Object.keys(reader.answer()), ['a']);
    assert.equal(reader.answer().b, undefined);
  });

  for (const [what, text] of Object.entries({
    'a section that was not asked for': `${nonce} 7 0\n`,
    'a section that has its mark already': `${nonce} 0 0\n`,
    'a mark that does not end': `${nonce} ${'1'.repeat(100_000)}`,
    'a mark that says nothing': `${nonce} \n`,
    'a second start': `${nonce} start 0\n`,
  })) {
    it(`takes ${what} for what a section prints`, () => {
      const reader = readFrame(sectionsNamed('a', 'b'), nonce);
      const sent = `${nonce} start 0\n${nonce} 0 0\n${text}${nonce} 1 0\n${nonce} end 0\n`;
      for (const byte of Buffer.from(sent)) reader.push('stdout', Uint8Array.of(byte));
      reader.push('stderr', streamOf([1, 2].map(() => ({ bytes: Buffer.alloc(0), code: 0 }))));
      assert.deepEqual(Object.keys(reader.answer()), ['a', 'b']);
      assert.equal(reader.answer().b!.stdout, text);
    });
  }

  it('says what a script has left running', () => {
    const reader = readFrame(sectionsNamed('a'), nonce);
    for (const stream of ['stdout', 'stderr'] as const) {
      reader.push(stream, Buffer.from(`${nonce} start 0\n${nonce} 0 0\n${nonce} left 4711\n${nonce} end 0\n`));
    }
    assert.equal(reader.left(), 4711);
    assert.equal(reader.answer()['left behind']!.stdout, '4711');
  });

  it('keeps 16 MiB of a stream and counts the rest', () => {
    const reader = readFrame(sectionsNamed('big', 'after'), nonce);
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    reader.push('stdout', Buffer.from(`${nonce} start 0\n`));
    for (let at = 0; at < 18; at += 1) reader.push('stdout', chunk);
    reader.push('stdout', Buffer.from(`${nonce} 0 0\nlater${nonce} 1 3\n${nonce} end 0\n`));
    reader.push('stderr', Buffer.from(`${nonce} start 0\n${nonce} 0 0\n${nonce} 1 3\n${nonce} end 0\n`));
    assert.equal(reader.done(), true);
    assert.equal(reader.answer().big!.bytes.length, keptBytes);
    assert.equal(reader.answer().after!.code, 3);
    assert.deepEqual(reader.dropped(), { stdout: 2 * 1024 * 1024 + 5, stderr: 0 });
  });
});

describe('the text of a frame', () => {
  it('runs the later sections of an apply only while none has failed', () => {
    const two = sectionsNamed('a', 'b');
    const conditions = (stopAtFailure: boolean) =>
      encodeFrame(two, { nonce, stopAtFailure })
        .split('\n')
        .filter(line => line.startsWith('[ "$__hw" = 0 ] &&')).length;
    assert.equal(conditions(true), 1);
    assert.equal(conditions(false), 0);
  });
});
