import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { ReceivedFile } from '../../shared/ipc/live';
import { FrameStore } from '../collect/frame-store';
import { keepFollowed, moreLines } from './kept-log';

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at}`);

describe('lines that were followed', () => {
  it('go on where the log ended when it was collected', () => {
    expect(moreLines(numbered(1, 300), numbered(250, 320))).toEqual({
      lines: numbered(301, 320),
      joined: true,
    });
    expect(moreLines(numbered(1, 5), numbered(1, 7)).lines).toEqual(['line 6', 'line 7']);
    expect(moreLines(numbered(1, 5), numbered(3, 5)).lines).toEqual([]);
  });

  it('are all taken where more was written in between, and that is told', () => {
    expect(moreLines(numbered(1, 50), numbered(90, 95))).toEqual({
      lines: numbered(90, 95),
      joined: false,
    });
  });

  it('are not joined at a line that merely looks alike', () => {
    const before = [...numbered(1, 30), 'retry'];
    const came = ['other', 'retry', 'new'];
    expect(moreLines(before, came)).toEqual({ lines: came, joined: false });
  });
});

describe('a log with what was followed', () => {
  const store = new FrameStore();
  afterAll(() => store.dispose());
  const file = (path: string, lines: readonly string[]): ReceivedFile => {
    const text = `${lines.join('\n')}\n`;
    const stored = store.create();
    stored.write(Buffer.from(text));
    stored.close();
    return {
      ...{ section: 'logs', path, state: 'ok', bytes: text.length, notes: [], kept: true },
      location: stored.location,
    };
  };
  const path = 'logs/C/k/kubelet.log';
  const order = (files: ReceivedFile[], location: string) => ({
    ...({ kind: 'keep', id: 1, key: 'key', name: 'node', at: 0, from: 1000, to: 61_000 } as const),
    ...{ stream: { files, complete: true, notes: [] }, file: path, location },
  });

  it('takes its place, says since when, and leaves the others', async () => {
    const files = [file('network.txt', ['x']), file(path, numbered(1, 40))];
    const kept = await keepFollowed(order(files, file('', numbered(30, 45)).location), store);
    const [other, log] = kept.stream.files;
    expect(other).toEqual(files[0]);
    expect(readFileSync(log?.location ?? '', 'utf8')).toBe(`${numbered(1, 45).join('\n')}\n`);
    expect(log?.notes).toEqual([
      '5 lines were followed later, from 1970-01-01T00:00:01.000Z to 1970-01-01T00:01:01.000Z',
    ]);
    expect(readFileSync(kept.report.location, 'utf8')).toContain('5 lines were followed later');
    // What was collected stays until the snapshot has its new files.
    expect(readFileSync(files[1]?.location ?? '', 'utf8')).toContain('line 40\n');
  });

  it('is refused when it is gone', async () => {
    await expect(keepFollowed(order([], file('', []).location), store)).rejects.toThrow(
      /not part of the collection/,
    );
  });
});
