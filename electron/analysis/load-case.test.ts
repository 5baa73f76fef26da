import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { zipOf } from '../sources/testing/archives';
import { loadCase, type LoadedCase, type LoadOptions } from './load-case';

let folder = '';
const open: LoadedCase[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'load-test-'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((loaded) => loaded.close()));
  rmSync(folder, { recursive: true, force: true });
});

function put(path: string, data: string | Uint8Array): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, data);
  return file;
}

async function load(
  paths: readonly string[],
  options: Partial<LoadOptions> = {},
): Promise<LoadedCase> {
  const loaded = await loadCase(paths, { signal: new AbortController().signal, ...options });
  open.push(loaded);
  return loaded;
}

const MTU =
  '\r\nIdx     Met         MTU          State                Name\r\n---  ----------  ----------  ------------  ---------------------------\r\n  1          75  4294967295  connected     Loopback Pseudo-Interface 1\r\n';

describe('loading', () => {
  it('reads every file, and reports those that cannot be read', async () => {
    put('mtu.txt', MTU);
    put('notes.txt', 'unknown words\n');
    put('security.evtx', new Uint8Array(10_000).fill(7));
    symlinkSync('/etc/passwd', join(folder, 'ip.txt'));
    const { inputs, rejected } = await load([folder]);
    expect(inputs[0]?.files.map(({ file, status }) => [file.path, status])).toEqual([
      ['mtu.txt', 'parsed'],
      ['notes.txt', 'unrecognised'],
      ['security.evtx', 'binary'],
    ]);
    expect(inputs[0]?.files[2]?.file.originalBytes).toBe(10_000);
    expect(rejected).toEqual([{ path: 'ip.txt', reason: expect.stringMatching(/symbolic link/) }]);
  });

  it('gives files of two nodes different paths', async () => {
    for (const node of ['a', 'b']) put(`${node}/mtu.txt`, MTU);
    const { inputs } = await load([join(folder, 'a'), join(folder, 'b')]);
    const paths = inputs.flatMap((input) => input.files.map((file) => file.file.path));
    expect(new Set(paths).size).toBe(2);
    for (const input of inputs) {
      for (const { file } of input.files)
        expect(file.path.slice(input.pathPrefix?.length)).toBe('mtu.txt');
    }
  });

  it('adds a single file to the bundle it is opened with', async () => {
    put('node/mtu.txt', MTU);
    const { inputs } = await load([join(folder, 'node'), put('extra/notes.txt', 'words\n')]);
    expect(inputs).toHaveLength(1);
    expect(inputs[0]?.files.map(({ file }) => file.path)).toEqual(['mtu.txt', 'notes.txt']);
  });

  it('opens an archive inside a bundle only when asked', async () => {
    const inner = zipOf([{ name: 'mtu.txt', data: MTU }]);
    const loaded = await load([
      put(
        'b.zip',
        zipOf([
          { name: 'mtu.txt', data: MTU },
          { name: 'trace.zip', data: inner },
        ]),
      ),
    ]);
    expect(loaded.inputs.flatMap((input) => input.files)).toHaveLength(1);
    expect(loaded.nestedArchives).toEqual(['b.zip!/trace.zip']);
    const nested = await loaded.openNested('b.zip!/trace.zip', {
      signal: new AbortController().signal,
    });
    expect(nested.inputs[0]?.files[0]?.file.path).toBe('b.zip!/trace.zip!/mtu.txt');
    expect(nested.inputs[0]?.files[0]?.status).toBe('parsed');
    expect(nested.beside).toEqual(['b.zip!/mtu.txt']);
  });

  it('stops within 200 ms of a cancel, in the middle of many files', async () => {
    for (let i = 0; i < 300; i += 1) put(`d/f${i}.txt`, MTU.repeat(200));
    const cancel = new AbortController();
    let cancelled = 0;
    const loading = load([folder], {
      signal: cancel.signal,
      onProgress: ({ phase, filesDone }) => {
        if (phase !== 'parsing' || filesDone < 10 || cancelled > 0) return;
        cancelled = performance.now();
        cancel.abort();
      },
    });
    await expect(loading).rejects.toThrow(/abort/i);
    expect(performance.now() - cancelled).toBeLessThan(200);
  });

  it('tells the file and how far it is', async () => {
    put('mtu.txt', MTU);
    put('notes.txt', 'words\n');
    const seen: string[] = [];
    await load([folder], {
      onProgress: ({ phase, file, filesDone, filesTotal }) =>
        seen.push(`${phase} ${file ?? ''} ${filesDone}/${filesTotal}`),
    });
    expect(seen).toContain('parsing mtu.txt 0/2');
    expect(seen).toContain('reading notes.txt 1/2');
  });
});
