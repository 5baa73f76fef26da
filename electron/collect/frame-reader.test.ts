import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FrameReader, type FrameLimits, type FrameStream } from './frame-reader';
import { FRAME_LIMITS } from './frame-reader';
import { FrameStore } from './frame-store';

let store: FrameStore;
beforeEach(() => {
  store = new FrameStore();
});
afterEach(() => store.dispose());

const code = (text: string): string => Buffer.from(text).toString('base64');
const sha = (content: string): string => createHash('sha256').update(content).digest('hex');
const HELLO = '@@WB1 HELLO 1 FullLanguage';

/** A frame as the collector writes it. */
function frame(number: number, path: string, content: string, state = 'ok'): string[] {
  return [
    `@@WB1 BEGIN ${number} some-section gzip`,
    ...(code(path).match(/.{1,60}/g) ?? []).map(
      (p, i) => `@@WB1 ${i === 0 ? 'FILE' : 'MORE'} ${p}`,
    ),
    ...(gzipSync(content)
      .toString('base64')
      .match(/.{1,76}/g) ?? []),
    `@@WB1 HASH ${sha(content)}`,
    `@@WB1 END ${number} ${Buffer.byteLength(content)} 7 ${state}`,
  ];
}

async function read(
  text: string | Uint8Array,
  limits?: Partial<FrameLimits>,
  piece = 1000,
): Promise<FrameStream & { content(path: string): string | undefined }> {
  const reader = new FrameReader(store, {}, { ...FRAME_LIMITS, ...limits });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += piece)
    await reader.push(bytes.subarray(at, at + piece));
  const stream = await reader.end();
  return {
    ...stream,
    content: (path) => {
      const file = stream.files.find((each) => each.path === path);
      return file === undefined ? undefined : readFileSync(file.location, 'utf8');
    },
  };
}

const lines = (...all: readonly (string | readonly string[])[]): string =>
  `${all.flat().join('\r\n')}\r\n`;

const LONG = Array.from({ length: 3000 }, (_, i) => `line ${i} ${sha(String(i))}`).join('\n');

describe('frames', () => {
  it('become files, whole and in order, however the stream is cut', async () => {
    const path = 'adapters/vEthernet (Ethernet0) größer und länger als eine Zeile 日本語_int.txt';
    const text = lines(HELLO, frame(1, 'a.txt', LONG), frame(2, path, 'ä'), '@@WB1 DONE 2');
    for (const piece of [1, 7, 77, 100_000]) {
      store.dispose();
      store = new FrameStore();
      const stream = await read(text, {}, piece);
      expect(stream).toMatchObject({ complete: true, notes: [], languageMode: 'FullLanguage' });
      expect(stream.files.map(({ state, notes }) => [state, notes])).toEqual([
        ['ok', []],
        ['ok', []],
      ]);
      expect(stream.content('a.txt')).toBe(LONG);
      expect(stream.content(path)).toBe('ä');
    }
  });

  it('are found amid banners and profile output', async () => {
    const [begin = '', ...rest] = frame(1, 'a.txt', 'hello');
    const text = lines(
      'Welcome!',
      HELLO,
      '',
      'WARNING: x',
      begin,
      '',
      ...rest,
      'bye',
      '@@WB1 DONE 1',
    );
    expect(await read(text)).toMatchObject({ complete: true, files: [{ state: 'ok' }] });
  });

  it('tell of errors of the node in its own words', async () => {
    const all = frame(1, 'a.txt', '', 'missing');
    all.splice(-2, 0, `@@WB1 NOTE ${code('missing: vfpctrl.exe\r\nis not on this node')}`);
    const { files, complete } = await read(lines(HELLO, all, '@@WB1 DONE 1'));
    expect(complete).toBe(true);
    expect(files).toMatchObject([
      { state: 'missing', notes: ['missing: vfpctrl.exe is not on this node'], milliseconds: 7 },
    ]);
  });

  it('that break off are kept as far as they go', async () => {
    const all = frame(2, 'b.txt', LONG);
    const half = all.slice(0, all.length / 2);
    const stream = await read(lines(HELLO, frame(1, 'a.txt', 'one'), half));
    expect(stream.complete).toBe(false);
    expect(stream.files.map(({ state }) => state)).toEqual(['ok', 'cut off']);
    expect(LONG.startsWith(stream.content('b.txt') ?? '-')).toBe(true);
    expect(stream.files[1]?.bytes).toBeGreaterThan(10_000);
    expect(stream.notes.join()).toMatch(/missing/);
  });

  it('after a broken one are read all the same', async () => {
    const broken = frame(1, 'a.txt', LONG).slice(0, 20);
    const stream = await read(lines(HELLO, broken, frame(2, 'b.txt', 'two'), '@@WB1 DONE 2'));
    expect(stream.files.map(({ path, state }) => [path, state])).toEqual([
      ['a.txt', 'cut off'],
      ['b.txt', 'ok'],
    ]);
  });

  it.each([
    ['content', (all: string[]) => all.splice(3, 1, all[3]?.replace(/[A-M]/, 'z') ?? '')],
    ['hash', (all: string[]) => all.splice(-2, 1, `@@WB1 HASH ${sha('other')}`)],
    ['a lost line', (all: string[]) => all.splice(5, 1)],
    ['the number', (all: string[]) => all.splice(-1, 1, `@@WB1 END 9 ${LONG.length} 7 ok`)],
    ['no hash', (all: string[]) => all.splice(-2, 1)],
  ])('with a changed %s are damaged, and said to be', async (_, change) => {
    const all = frame(1, 'a.txt', LONG);
    change(all);
    const { files } = await read(lines(HELLO, all, '@@WB1 DONE 1'));
    expect(files).toMatchObject([{ state: 'damaged', notes: [expect.any(String)] }]);
  });

  it('that are fewer than the collector counted make the collection incomplete', async () => {
    const stream = await read(lines(HELLO, frame(1, 'a.txt', 'one'), '@@WB1 DONE 2'));
    expect(stream).toMatchObject({
      complete: false,
      notes: ['The collector wrote 2 files, 1 came.'],
    });
  });

  it('of Constrained Language Mode are plain lines', async () => {
    const text = lines(
      '@@WB1 HELLO 1 ConstrainedLanguage',
      '@@WB1 BEGIN 1 os plain',
      '@@WB1 FILETEXT winver.txt',
      '|ProductName : Windows Server 2022',
      '|@@WB1 END 1 - 3 ok',
      '@@WB1 NOTETEXT something',
      '@@WB1 END 1 - 3 ok',
      '@@WB1 DONE 1',
    );
    const stream = await read(text);
    expect(stream.files).toMatchObject([{ state: 'ok', notes: ['something'] }]);
    expect(stream.content('winver.txt')).toBe(
      'ProductName : Windows Server 2022\n@@WB1 END 1 - 3 ok\n',
    );
  });
});

describe('a hostile node', () => {
  it.each(['../../etc/passwd', '/etc/passwd', 'C:\\x.txt', '..\\x', 'a/con.txt', '', 'a\u0000b'])(
    'cannot name a file %j',
    async (path) => {
      const { files } = await read(lines(HELLO, frame(1, path, 'x'), '@@WB1 DONE 1'));
      expect(files).toMatchObject([{ state: 'refused', path: '' }]);
    },
  );

  it('cannot replace a file', async () => {
    const text = lines(HELLO, frame(1, 'a.txt', 'one'), frame(2, 'A.txt', 'two'), '@@WB1 DONE 2');
    const stream = await read(text);
    expect(stream.files.map(({ state }) => state)).toEqual(['ok', 'refused']);
    expect(stream.content('a.txt')).toBe('one');
  });

  it('cannot fill the disk: files end at the limit, all files together too', async () => {
    const bomb = 'x'.repeat(3_000_000);
    const stream = await read(lines(HELLO, frame(1, 'a', bomb), frame(2, 'b', bomb)), {
      fileBytes: 1_000_000,
      totalBytes: 1_500_000,
    });
    expect(stream.files.map(({ state, bytes }) => [state, bytes])).toEqual([
      ['truncated', 1_000_000],
      ['truncated', 500_000],
    ]);
    expect((await read(lines(HELLO, frame(1, 'z', 'z')), { files: 0 })).files[0]?.state).toBe(
      'refused',
    );
  });

  it('can send anything: nothing is thrown, nothing is whole that is not', async () => {
    const good = lines(HELLO, frame(1, 'a.txt', LONG.slice(0, 2000)), '@@WB1 DONE 1');
    const word = fc.constantFrom(
      '@@WB1 ',
      'BEGIN 1 x gzip',
      'END 1 0 0 ok',
      'FILE YQ==',
      '\n',
      'DONE 1',
      'QUJD',
      '|',
      'MORE',
      'HASH',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.nat(good.length),
        fc.nat(400),
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc.array(word, { maxLength: 30 }).map((all) => Buffer.from(all.join(''))),
        ),
        async (at, cut, noise) => {
          const spoilt = Buffer.concat([
            Buffer.from(good.slice(0, at)),
            noise,
            Buffer.from(good.slice(at + cut)),
          ]);
          const stream = await read(spoilt);
          for (const file of stream.files)
            if (file.state === 'ok' && file.path === 'a.txt' && file.bytes > 0)
              expect(sha(readFileSync(file.location, 'utf8'))).toBe(sha(LONG.slice(0, 2000)));
        },
      ),
      { numRuns: 150 },
    );
  });
});

it('leaves nothing behind', async () => {
  const { files } = await read(
    lines(HELLO, frame(1, 'a.txt', 'one'), frame(2, 'b.txt', LONG).slice(0, 9)),
  );
  store.dispose();
  expect(files.map(({ location }) => existsSync(location))).toEqual([false, false]);
});
