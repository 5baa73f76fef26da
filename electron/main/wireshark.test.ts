import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findWireshark, openInWireshark } from './wireshark';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'wireshark-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('Wireshark', () => {
  it('is found in PATH, never in a relative part of it', async () => {
    const program = path.join(folder, 'wireshark');
    writeFileSync(program, '#!/bin/sh\nprintf "%s|" "$@" > "$0.args"\n');
    chmodSync(program, 0o755);
    const none = await findWireshark('darwin', { PATH: `.:${path.relative('.', folder)}` });
    expect(none).toBeUndefined();
    expect(await findWireshark('darwin', { PATH: folder })).toBe(program);
  });

  it('gets the capture as one argument, whatever its name holds', async () => {
    const program = path.join(folder, 'wireshark');
    const capture = path.join(folder, '$(touch x); a b.pcap');
    await openInWireshark(program, capture);
    await vi.waitFor(() => expect(existsSync(`${program}.args`)).toBe(true));
    await vi.waitFor(() => expect(readFileSync(`${program}.args`, 'utf8')).toBe(`-r|${capture}|`));
  });

  it('that cannot be started is told', async () => {
    await expect(openInWireshark(path.join(folder, 'none'), 'x.pcap')).rejects.toThrow(/ENOENT/);
  });
});
