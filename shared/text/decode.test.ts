import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCodePage } from './code-pages';
import { decode } from './decode';
import { textFile } from './text-file';

const utf16 = (text: string, order: 'le' | 'be' = 'le'): Uint8Array => {
  const bytes = Buffer.from(text, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
};
const join = (...parts: (Uint8Array | string | number[])[]): Uint8Array =>
  new Uint8Array(
    Buffer.concat(
      parts.map((part) =>
        typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part),
      ),
    ),
  );
const textOf = (raw: Uint8Array): string => new TextDecoder().decode(decode(raw).bytes);
const messages = (raw: Uint8Array): string[] =>
  decode(raw).notes.map(({ line, message }) => `${line}: ${message}`);

describe('decode', () => {
  it('hands ASCII and UTF-8 on without a copy', () => {
    const ascii = join('Name : cbr0\r\nType : L2Bridge\r\n');
    expect(decode(ascii)).toEqual({
      bytes: ascii,
      encoding: 'ascii',
      notes: [],
      binary: undefined,
    });
    expect(decode(ascii).bytes.buffer).toBe(ascii.buffer);
    const utf8 = new TextEncoder().encode('Adapter: Ethernet größe 网络\n');
    expect(decode(utf8).bytes.buffer).toBe(utf8.buffer);
    expect(decode(utf8).encoding).toBe('utf-8');
  });

  it('drops the byte order mark of UTF-8', () => {
    expect(textOf(join([0xef, 0xbb, 0xbf], 'a\n'))).toBe('a\n');
    expect(decode(join([0xef, 0xbb, 0xbf], 'a\n')).encoding).toBe('utf-8-bom');
    expect(decode(new TextEncoder().encode('\ufeffgrün\n')).encoding).toBe('utf-8-bom');
  });

  it('reads UTF-16 with a BOM in either order', () => {
    const text = 'Windows IP Configuration\r\n网络适配器 😀\r\n';
    expect(textOf(join([0xff, 0xfe], utf16(text)))).toBe(text);
    expect(textOf(join([0xfe, 0xff], utf16(text, 'be')))).toBe(text);
    expect(decode(join([0xff, 0xfe], utf16(text))).encoding).toBe('utf-16le');
    expect(decode(join([0xff, 0xfe], utf16(text))).notes).toEqual([]);
  });

  it('reads UTF-16 without a BOM and says that it had to be told by its pattern', () => {
    const raw = utf16('Policy for port 1\r\nsecond\r\n');
    expect(textOf(raw)).toBe('Policy for port 1\r\nsecond\r\n');
    expect(messages(raw)).toEqual([
      '1: no byte order mark; read as UTF-16LE by the pattern of its bytes',
    ]);
    expect(decode(utf16('Policy for port 1\r\n', 'be')).encoding).toBe('utf-16be');
  });

  it.each(['even head\r\n', 'an odd head\r\n'])(
    'follows ASCII (%j) with UTF-16LE appended without a BOM',
    (head) => {
      const raw = join(head, utf16('Command list-rule succeeded!\r\nnext\r\n'));
      expect(textOf(raw)).toBe(`${head}Command list-rule succeeded!\r\nnext\r\n`);
      expect(decode(raw).encoding).toBe('mixed');
      expect(messages(raw)).toEqual(['2: from here on UTF-16LE after single-byte text']);
    },
  );

  it('follows several changes in one file', () => {
    const raw = join(
      [0xff, 0xfe],
      utf16('one\r\n'),
      'two, in plain ASCII 1 2 3 4 5 6 7 8\r\n',
      utf16('three 3\r\n'),
      'four\r\n',
    );
    expect(textOf(raw)).toBe('one\r\ntwo, in plain ASCII 1 2 3 4 5 6 7 8\r\nthree 3\r\nfour\r\n');
    expect(messages(raw)).toEqual([
      '2: from here on single-byte text after UTF-16',
      '3: from here on UTF-16LE after single-byte text',
      '4: from here on single-byte text after UTF-16',
    ]);
  });

  it('begins appended UTF-16 at its line, not at its first ASCII letter', () => {
    const raw = join('head\r\n', utf16('网络适配器 vEthernet (Ethernet)\r\n'));
    expect(textOf(raw)).toBe('head\r\n网络适配器 vEthernet (Ethernet)\r\n');
  });

  it('reads a UTF-16 file with a BOM appended to an ASCII file', () => {
    expect(textOf(join('head\r\n', [0xff, 0xfe], utf16('tail\r\nmore\r\n')))).toBe(
      'head\r\ntail\r\nmore\r\n',
    );
  });

  it('does not take Chinese text for ASCII', () => {
    const text =
      '网络\n'.repeat(50) +
      '\u4e41\u4e42\u4e43\u4e44'.repeat(20) +
      '\n' +
      '\u4e41\u4e42'.repeat(20);
    expect(textOf(join([0xff, 0xfe], utf16(text)))).toBe(text);
  });

  it('says where a unit or a character was cut off', () => {
    const cut = join([0xff, 0xfe], utf16('a\r\nbc'), [0x64]);
    expect(textOf(cut)).toBe('a\r\nbc');
    expect(messages(cut)).toEqual(['2: ends in the middle of a UTF-16 unit: 1 byte left out']);
    const utf8 = new TextEncoder().encode('größe\nende ü').subarray(0, -1);
    expect(textOf(utf8)).toBe('größe\nende ');
    expect(messages(utf8)).toEqual(['2: ends in the middle of a character: 1 bytes left out']);
  });

  it('replaces unpaired surrogates and says so', () => {
    const raw = join([0xff, 0xfe], utf16('one\ntwo '), [0x00, 0xd8], utf16('x\n'));
    expect(textOf(raw)).toBe('one\ntwo \ufffdx\n');
    expect(messages(raw)[0]).toMatch(/^2: 1 UTF-16 units/);
  });

  it('guesses the code page of a localised console and names the line', () => {
    const german = join('Ethernet\r\nEthernet-Adapter f\x81r das Ger\x84t, G\x81ltigkeit\r\n');
    expect(textOf(german)).toBe('Ethernet\r\nEthernet-Adapter für das Gerät, Gültigkeit\r\n');
    expect(decode(german).encoding).toBe('oem');
    expect(messages(german)[0]).toMatch(/^2: this line is not UTF-8; read as code page 437/);
    const portuguese = join('Conex\xc6o, configura\x87\xc6o e endere\x87o n\xc6o\r\n');
    expect(textOf(portuguese)).toBe('Conexão, configuração e endereço não\r\n');
    const ansi = join('Gerät für größere Länge\r\n');
    expect(textOf(ansi)).toBe('Gerät für größere Länge\r\n');
    expect(decode(ansi).encoding).toBe('ansi');
    const chinese = join(
      'Windows IP ',
      [0xc5, 0xe4, 0xd6, 0xc3],
      '\r\n',
      [0xcd, 0xf8, 0xc2, 0xe7],
      '\r\n',
    );
    expect(textOf(chinese)).toBe('Windows IP 配置\r\n网络\r\n');
  });

  it('reads typographic signs of Windows 1252, which stand where Latin-1 has controls', () => {
    const typed = join('the node\x92s \x93pod\x94 network \x96 5 \x80\x85\r\n');
    expect(textOf(typed)).toBe('the node’s “pod” network – 5 €…\r\n');
    expect(decode(typed).encoding).toBe('ansi');
    expect(decodeCodePage(Uint8Array.from([0x8a, 0x9f, 0xe4, 0x81]), 1252)).toBe('ŠŸä\u0081');
  });

  it('leaves CRs out of lines, also where CRLF was written as text once more', () => {
    const file = textFile('x.txt', join('one\r\r\ntwo\r\n\r\r\nthree\r\r'));
    expect(file.lines(1, 4)).toEqual(['one', 'two', '', 'three']);
    expect([1, 2, 3, 4].map((n) => file.line(n))).toEqual(['one', 'two', '', 'three']);
  });

  it('takes a lone CR for a line end where there is no LF at all', () => {
    expect(textOf(join('one\rtwo\r'))).toBe('one\ntwo\n');
    expect(textOf(join('50 %\r100 %\r\n'))).toBe('50 %\r100 %\r\n');
  });

  it('keeps UTF-8 lines beside lines in a code page', () => {
    const raw = join(Buffer.from('größe\n'), 'f\x81r\n', Buffer.from('Länge\n'));
    expect(textOf(raw)).toBe('größe\nfür\nLänge\n');
    expect(decode(raw).encoding).toBe('mixed');
  });

  it('never turns binary formats into text', () => {
    const random = new Uint8Array(5000).map((_, i) => (i * 7919 + (i >> 3)) & 0xff);
    const files: [Uint8Array, RegExp][] = [
      [join('ElfFile\0', random), /evtx/],
      [join([0x0a, 0x0d, 0x0d, 0x0a, 0x1c, 0, 0, 0], random), /pcapng/],
      [join([0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0], random), /pcap/],
      [join('MSCF\0\0\0\0', random), /cabinet/],
      [join('MZ\x90\0\x03\0\0\0', random), /program/],
      [random, /unknown format/],
      [new Uint8Array(1000), /unknown format/],
    ];
    for (const [raw, what] of files) {
      const decoded = decode(raw);
      expect(decoded.encoding).toBe('binary');
      expect(decoded.binary).toMatch(what);
      expect(decoded.bytes).toHaveLength(0);
      expect(decoded.notes).toHaveLength(1);
    }
    const etl = join([0, 0, 1, 0, 8, 2, 0, 0], new Uint8Array(200));
    expect(decode(etl, 'server.etl').binary).toMatch(/etl/);
  });

  it('leaves out the unwritten end of a log and says so', () => {
    const raw = join('line 1\nline 2\n', new Uint8Array(4096));
    expect(textOf(raw)).toBe('line 1\nline 2\n');
    expect(messages(raw)[0]).toMatch(/^3: 4096 NUL bytes at the end left out/);
  });

  it('tells a stretch of NULs in the middle from a stray one: what stood there is lost', () => {
    const of = (nuls: number): unknown[] => [
      ...decode(join('one\n', new Uint8Array(nuls), 'two three four five\n'.repeat(400))).notes,
    ];
    expect(of(1)).toEqual([{ line: 2, message: 'holds NUL bytes' }]);
    const lost = {
      line: 2,
      message: 'a stretch of NULs: what stood here was not written',
      lost: true,
    };
    expect(of(64)).toEqual([lost]);
    const wide = utf16(`\ufeffone\r\n${'\0'.repeat(32)}two three four five\r\n`);
    expect(decode(wide).notes).toContainEqual(lost);
  });

  it('mentions terminal colours', () => {
    expect(messages(join('plain\n\x1b[32mgreen\x1b[0m\n'))).toEqual([
      '2: holds terminal escape sequences (colours)',
    ]);
  });

  it('never throws and keeps line counts sane, whatever the bytes', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.string({ maxLength: 20 }).map((text) => utf16(text)),
      fc
        .string({ maxLength: 20, unit: 'grapheme' })
        .map((text) => new TextEncoder().encode(`${text}\n`)),
      fc.constantFrom(
        new Uint8Array([0xff, 0xfe]),
        new Uint8Array([13, 10]),
        new Uint8Array([0x0d, 0, 0x0a, 0]),
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const raw = join(...pieces);
        const decoded = decode(raw, 'any.txt');
        const file = textFile('any.txt', decoded.bytes);
        expect(file.lineCount).toBeLessThanOrEqual(raw.length + 1);
        expect(decoded.bytes.length).toBeLessThanOrEqual(raw.length * 3);
        expect(() => new TextDecoder('utf-8', { fatal: true }).decode(decoded.bytes)).not.toThrow();
        for (const note of decoded.notes) {
          expect(note.line).toBeGreaterThanOrEqual(1);
          expect(note.line).toBeLessThanOrEqual(file.lineCount + 1);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('gives text back unharmed from every encoding it knows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { maxLength: 8 }),
        (lines) => {
          const text = lines
            .map((line) => `Name : ${line.replace(/[\0-\x1f\ufeff]/g, '')}\r\n`)
            .join('');
          expect(textOf(new TextEncoder().encode(text))).toBe(text);
          expect(textOf(join([0xff, 0xfe], utf16(text)))).toBe(text);
        },
      ),
    );
  });
});
