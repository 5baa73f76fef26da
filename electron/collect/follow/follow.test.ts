import { describe, expect, it } from 'vitest';
import { gunzipSync } from 'node:zlib';
import { COLLECTOR_SCRIPT, collectorCommand } from '../collector-command';
import { objections } from '../testing/read-only';
import { FollowReader } from './follow-reader';
import { FOLLOW_SCRIPT } from './follow-script';

describe('the script that follows a log', () => {
  it('is valid and calls nothing but what the collector may', async () => {
    expect(await objections(FOLLOW_SCRIPT)).toEqual([]);
    expect(
      await objections(`${FOLLOW_SCRIPT}\nClear-Content -LiteralPath $Options.path`),
    ).not.toEqual([]);
  });

  it('blanks secrets by the function of the collector, byte for byte, line by line', () => {
    const hide = /^ {2}function Hide-Secret \{\n[\s\S]*?^ {2}\}\n/m;
    expect(hide.exec(FOLLOW_SCRIPT)?.[0]).toBe(hide.exec(COLLECTOR_SCRIPT)?.[0]);
    // Given all lines at once the function would wait for the last, which never comes.
    expect(FOLLOW_SCRIPT).toContain('ForEach-Object { $_ | Hide-Secret }');
  });

  it('is given its path as data', () => {
    const path = "C:\\k\\'; calc; '.log";
    const { command, input } = collectorCommand({ path, lines: 200, seconds: 60 }, FOLLOW_SCRIPT);
    const [packed = '', parameters = ''] = Buffer.from(input).toString().split('\n');
    const bootstrap = Buffer.from(command.split(' ').at(-1) ?? '', 'base64').toString('utf16le');
    const script = gunzipSync(Buffer.from(packed, 'base64')).toString();
    expect(`${bootstrap}${script}`).not.toContain('calc');
    expect(JSON.parse(Buffer.from(parameters, 'base64').toString())).toMatchObject({ path });
  });
});

const line = (text: string, word = 'LINE'): string =>
  `@@WB1 ${word} ${Buffer.from(text).toString('base64')}\r\n`;
function read(...pieces: readonly (string | Uint8Array)[]) {
  const lines: string[] = [];
  const reader = new FollowReader({ onLine: (text) => lines.push(text) });
  for (const piece of pieces) reader.push(Buffer.from(piece as string));
  return { lines, reader };
}

describe('what it prints', () => {
  it('is lines of any text, in pieces of any size', () => {
    const text = `E0507 väter "x" ${'y'.repeat(100)} 服务`;
    const code = Buffer.from(text).toString('base64');
    const printed = `profile took 3 s\r\n@@WB1 HELLO 1 FullLanguage\r\n@@WB1 PART ${code.slice(0, 60)}\r\n@@WB1 LINE ${code.slice(60)}\r\n${line('')}@@WB1 ALIVE\r\n`;
    for (const size of [1, 7, 1000]) {
      const pieces = Array.from({ length: Math.ceil(printed.length / size) }, (_, i) =>
        printed.slice(i * size, (i + 1) * size),
      );
      const { lines, reader } = read(...pieces);
      expect(lines).toEqual([text, '']);
      expect(reader.languageMode).toBe('FullLanguage');
      expect(reader.ended).toBeUndefined();
    }
  });

  it('says why it ended', () => {
    expect(read('@@WB1 DONE time\r\n').reader.ended).toBe('time');
    const { reader } = read(line('Cannot find path C:\\k\\x.log', 'NOTE'), '@@WB1 DONE ended\r\n');
    expect(reader).toMatchObject({ ended: 'ended', notes: ['Cannot find path C:\\k\\x.log'] });
  });

  it('cannot fill the memory: lines without an end are cut', () => {
    const part = `@@WB1 PART ${Buffer.alloc(45, 'x').toString('base64')}\r\n`;
    const { lines } = read(part.repeat(20_000), line('end'), line('next'));
    expect(lines[0]?.length).toBeLessThan(70_000);
    expect(lines[1]).toBe('next');
    const { lines: none } = read('x'.repeat(1_000_000), '\r\n', line('after'));
    expect(none).toEqual(['after']);
  });

  it('is one line of the log each, whatever stands in it', () => {
    expect(read(line('a\r\nb')).lines).toEqual(['a b']);
  });
});
