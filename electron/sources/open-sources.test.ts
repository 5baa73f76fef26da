import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openNestedArchive, openSources as open, pastedSource } from './open-sources';
import type { OpenedSources, SourceEntry, SourceNode, SourceOptions } from './source';
import { tarGzOf, tarOf, zipOf, type ZipFixture } from './testing/archives';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sources-test-'));
});
const opened: OpenedSources[] = [];
async function openSources(
  paths: readonly string[],
  options?: SourceOptions,
): Promise<OpenedSources> {
  const sources = await open(paths, options);
  opened.push(sources);
  return sources;
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((sources) => sources.close()));
  rmSync(folder, { recursive: true, force: true });
});

function put(path: string, data: string | Uint8Array = path): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, data);
  return file;
}

const textOf = async (entry: SourceEntry | undefined): Promise<string> =>
  new TextDecoder().decode(await entry?.read());
const pathsOf = (node: SourceNode | undefined): string[] =>
  (node?.entries ?? []).map((entry) => entry.path);
const rejectionsOf = (node: SourceNode | undefined): string[] =>
  (node?.rejected ?? []).map(({ path, reason }) => `${path}: ${reason}`);
const entryOf = (node: SourceNode | undefined, path: string): SourceEntry | undefined =>
  node?.entries.find((entry) => entry.path === path);

async function one(path: string, options?: SourceOptions): Promise<SourceNode> {
  const { nodes } = await openSources([path], options);
  const [node] = nodes;
  if (node === undefined || nodes.length > 1) throw new Error(`${nodes.length} nodes`);
  return node;
}

const zipNode = (fixtures: readonly ZipFixture[], options?: SourceOptions): Promise<SourceNode> =>
  one(put('bundle.zip', zipOf(fixtures)), options);

describe('a folder', () => {
  it('is one node with its files in order, sub-folders included', async () => {
    put('node1/network.txt', 'nets');
    put('node1/endpoint.txt');
    put('node1/adapters/vEthernet (nat)_int.txt');
    const node = await one(join(folder, 'node1'));
    expect(node).toMatchObject({ name: 'node1', kind: 'folder', scope: 'node', rejected: [] });
    expect(pathsOf(node)).toEqual([
      'adapters/vEthernet (nat)_int.txt',
      'endpoint.txt',
      'network.txt',
    ]);
    expect(await textOf(entryOf(node, 'network.txt'))).toBe('nets');
  });

  it('leaves out links and pipes and says so; nothing blocks on a pipe', async () => {
    put('network.txt');
    symlinkSync('/etc/passwd', join(folder, 'endpoint.txt'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const node = await one(folder);
    expect(pathsOf(node)).toEqual(['network.txt']);
    expect(rejectionsOf(node)).toEqual([
      'endpoint.txt: a symbolic link; links are not followed',
      'pipe: a pipe',
    ]);
  });

  it('does not follow a file that became a link or a pipe after listing', async () => {
    put('a.txt');
    put('b.txt');
    const node = await one(folder);
    rmSync(join(folder, 'a.txt'));
    symlinkSync('/etc/passwd', join(folder, 'a.txt'));
    rmSync(join(folder, 'b.txt'));
    execFileSync('mkfifo', [join(folder, 'b.txt')]);
    await expect(entryOf(node, 'a.txt')?.read()).rejects.toThrow(/symbolic link/);
    await expect(entryOf(node, 'b.txt')?.read()).rejects.toThrow(/not a regular file/);
  });

  it('reports a file that vanished when it is read, and reads the others', async () => {
    put('a.txt');
    put('b.txt');
    const node = await one(folder);
    rmSync(join(folder, 'a.txt'));
    await expect(entryOf(node, 'a.txt')?.read()).rejects.toThrow('does not exist');
    expect(await textOf(entryOf(node, 'b.txt'))).toBe('b.txt');
  });

  it('of several bundles is several nodes, and what lies beside them is of the cluster', async () => {
    for (const name of ['win-1', 'win-2']) {
      put(`${name}/network.txt`);
      put(`${name}/endpoint.txt`);
      put(`${name}/wfp/filters.xml`);
    }
    put('kubectl-get-pods.txt');
    const { nodes } = await openSources([folder]);
    expect(nodes.map(({ name, scope }) => [name, scope])).toEqual([
      ['win-1', 'node'],
      ['win-2', 'node'],
      [expect.any(String), 'cluster'],
    ]);
    expect(pathsOf(nodes[0])).toEqual([
      'win-1/endpoint.txt',
      'win-1/network.txt',
      'win-1/wfp/filters.xml',
    ]);
    expect(pathsOf(nodes[2])).toEqual(['kubectl-get-pods.txt']);
  });

  it('keeps the sub-folders of one collection together (EKS, Rancher)', async () => {
    put('network/hns/network.txt');
    put('network/hns/endpoint.txt');
    put('network/ip.txt');
    put('network/routes.txt');
    put('kubelet/kubelet.log');
    expect(pathsOf(await one(folder))).toHaveLength(5);
  });

  it('opens the archives in it that are bundles', async () => {
    put('one.zip', zipOf([{ name: 'network.txt' }, { name: 'endpoint.txt' }]));
    put('two.tar.gz', tarGzOf([{ name: 'network.txt' }, { name: 'endpoint.txt' }]));
    put('pictures.zip', zipOf([{ name: 'cat.jpg' }]));
    put('pods.txt');
    const { nodes, close } = await openSources([folder]);
    expect(nodes.map(({ name, kind, scope }) => `${name} ${kind} ${scope}`)).toEqual([
      expect.stringMatching(/folder cluster$/),
      'one zip node',
      'two tar.gz node',
    ]);
    expect(pathsOf(nodes[0])).toEqual(['pictures.zip', 'pods.txt']);
    expect(pathsOf(nodes[1])).toEqual(['one.zip!/network.txt', 'one.zip!/endpoint.txt']);
    await close();
  });

  it('holds several snapshots when its files carry time prefixes', async () => {
    for (const stamp of ['20230815-205120', '20230816-070000']) {
      put(`${stamp}-hnsdiag-list.txt`);
      put(`${stamp}-cri-containerd-pods.txt`);
      put(`${stamp}_services.csv`);
    }
    put('kubelet.log');
    const { nodes } = await openSources([folder]);
    expect(nodes.map(({ stamp }) => stamp)).toEqual([
      Date.UTC(2023, 7, 15, 20, 51, 20),
      Date.UTC(2023, 7, 16, 7),
    ]);
    expect(pathsOf(nodes[0])).toHaveLength(3);
    expect(pathsOf(nodes[1])).toContain('kubelet.log');
  });

  it('that does not exist, says so', async () => {
    await expect(openSources([join(folder, 'nowhere')])).rejects.toThrow(/nowhere does not exist/);
  });
});

describe('a zip', () => {
  it('gives its files by their path in it, backslashes alike, with their bytes', async () => {
    const node = await zipNode([
      { name: 'network.txt', data: 'n' },
      { name: 'wfp\\filters.xml', data: '<x/>', stored: true },
      { name: 'empty.txt' },
      { name: 'dir/' },
    ]);
    expect(pathsOf(node)).toEqual([
      'bundle.zip!/network.txt',
      'bundle.zip!/wfp/filters.xml',
      'bundle.zip!/empty.txt',
    ]);
    expect(await Promise.all(node.entries.map(textOf))).toEqual(['n', '<x/>', '']);
    expect(node.rejected).toEqual([]);
  });

  it('takes node and time from the name of an AKS archive', async () => {
    const file = put('akswin000001-20230815-205120_logs.zip', zipOf([{ name: 'network.txt' }]));
    expect(await one(file)).toMatchObject({
      name: 'akswin000001',
      stamp: Date.UTC(2023, 7, 15, 20, 51, 20),
    });
  });

  it('refuses each bad entry and reads the rest', async () => {
    const node = await zipNode([
      { name: 'good.txt', data: 'good' },
      { name: '../../evil.txt', data: 'x' },
      { name: 'C:/evil.txt', data: 'x' },
      { name: 'link.txt', data: '/etc/passwd', mode: 0o120777 },
      { name: 'device', mode: 0o20644 },
      { name: 'good.txt', data: 'other' },
      { name: 'GOOD.txt', data: 'other' },
      { name: 'secret.txt', data: 'x', flags: 0x801 },
      { name: 'odd.txt', data: 'x', method: 12 },
      { name: 'last.txt', data: 'last' },
    ]);
    expect(await Promise.all(node.entries.map(textOf))).toEqual(['good', 'last']);
    expect(rejectionsOf(node).map((line) => line.replace('bundle.zip!/', ''))).toEqual([
      '../../evil.txt: name leads out of the archive (..)',
      'C:/evil.txt: name holds a drive letter',
      'link.txt: a symbolic link',
      'device: a device, pipe or socket',
      'good.txt: a second entry of this name; the first is used',
      'GOOD.txt: differs from good.txt only in case',
      'secret.txt: encrypted',
      'odd.txt: compressed by a method that is not supported (12)',
    ]);
  });

  it('refuses entries whose headers disagree, whose data is damaged, or which overlap', async () => {
    const node = await zipNode([
      { name: 'name.txt', data: 'x', local: { name: 'eman.txt' } },
      { name: 'size.txt', data: 'x', local: { size: 7 } },
      { name: 'crc.txt', data: 'x', central: { crc32: 1 } },
      { name: 'fine.txt', data: 'x' },
      { name: 'shared.txt', data: 'x', central: { offset: 0 } },
    ]);
    const outcome = await Promise.all(
      node.entries.map((entry) => textOf(entry).catch((error: unknown) => String(error))),
    );
    expect(outcome).toEqual([
      expect.stringMatching(/disagree on its name/),
      expect.stringMatching(/disagree on its size/),
      expect.stringMatching(/checksum/),
      'x',
    ]);
    expect(rejectionsOf(node)).toEqual(['bundle.zip!/shared.txt: its data overlaps another entry']);
  });

  it('never inflates more than the entry declares', async () => {
    const bomb = deflateRawSync(Buffer.alloc(50_000_000));
    const node = await zipNode([
      { name: 'bomb.txt', deflated: { bytes: bomb, size: 1000, crc32: 0 } },
      { name: 'fine.txt', data: 'fine' },
    ]);
    await expect(node.entries[0]?.read()).rejects.toThrow(/more data than its header declares/);
    expect(await textOf(node.entries[1])).toBe('fine');
  });

  it('leaves out a gibibyte of zeros when over the limit, and asks first', async () => {
    const size = 3 * 1024 ** 3;
    const asked: string[] = [];
    const node = await zipNode(
      [
        { name: 'zeros.txt', deflated: { bytes: deflateRawSync(''), size, crc32: 0 } },
        { name: 'fine.txt', data: 'fine' },
      ],
      {
        confirmLarge: (question) => {
          asked.push(`${question.what} ${question.amount}`);
          return Promise.resolve(false);
        },
      },
    );
    expect(asked).toEqual([`entry ${size}`]);
    expect(pathsOf(node)).toEqual(['bundle.zip!/fine.txt']);
    expect(rejectionsOf(node)[0]).toMatch(/zeros.txt: 3221225472 bytes, more than the limit/);
  });

  it('stops at the limit of files', async () => {
    const node = await zipNode(
      Array.from({ length: 30 }, (_, i) => ({ name: `f${i}.txt` })),
      { limits: { entries: 20 } },
    );
    expect(node.entries).toHaveLength(20);
    expect(rejectionsOf(node)).toEqual([
      'bundle.zip!/f20.txt: more than 20 files; from here on none is read',
    ]);
  });

  it('without its directory yields the files before the damage and says that it is damaged', async () => {
    const whole = zipOf([
      { name: 'network.txt', data: 'nets' },
      { name: 'endpoint.txt', data: 'endpoints '.repeat(10_000) },
      {
        name: 'policy.txt',
        data: Array.from({ length: 9000 }, (_, i) => `line ${(i * 7919) % 9973}`).join('\n'),
      },
    ]);
    const cut = whole.subarray(0, whole.length - 8000);
    const node = await one(put('cut.zip', cut));
    expect(pathsOf(node)).toEqual([
      'cut.zip!/network.txt',
      'cut.zip!/endpoint.txt',
      'cut.zip!/policy.txt',
    ]);
    expect(await textOf(node.entries[0])).toBe('nets');
    expect(await textOf(node.entries[2])).toMatch(/^line 0\nline 7919\n/);
    expect(rejectionsOf(node)).toEqual([
      expect.stringMatching(/^cut.zip: the archive is damaged .*3 files could be read/),
      expect.stringMatching(/policy.txt: cut short: only its first \d+ bytes/),
    ]);
  });

  it('with a broken directory is searched by its local headers', async () => {
    const zip = zipOf([
      { name: 'network.txt', data: 'nets' },
      { name: 'endpoint.txt', data: 'eps' },
    ]);
    zip[zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]))] = 0;
    const node = await one(put('broken.zip', zip));
    expect(await Promise.all(node.entries.map(textOf))).toEqual(['nets', 'eps']);
    expect(rejectionsOf(node)[0]).toMatch(/damaged/);
  });

  it('that is no zip at all says so', async () => {
    const node = await one(put('fake.zip', 'just text'));
    expect(node.entries).toEqual([]);
    expect(rejectionsOf(node)[0]).toMatch(/^fake.zip: the archive is damaged .*0 files/);
  });

  it('holds archives closed until asked, one level deep', async () => {
    const inner = zipOf([
      { name: 'wcn.txt', data: 'deep' },
      { name: 'deeper.zip', data: zipOf([]) },
    ]);
    const node = await zipNode([{ name: 'network.txt' }, { name: 'trace.zip', data: inner }]);
    const nested = node.entries[1];
    expect(nested?.kind).toBe('nested-archive');
    if (nested === undefined) throw new Error('no entry');
    const opened = await openNestedArchive(nested);
    expect(pathsOf(opened)).toEqual([
      'bundle.zip!/trace.zip!/wcn.txt',
      'bundle.zip!/trace.zip!/deeper.zip',
    ]);
    expect(await textOf(opened.entries[0])).toBe('deep');
    const deeper = opened.entries[1];
    if (deeper === undefined) throw new Error('no entry');
    await expect(openNestedArchive(deeper)).rejects.toThrow(/two archives deep/);
  });

  it('of 20,000 and more files lists quickly and asks', async () => {
    const fixtures = Array.from({ length: 20_001 }, (_, i) => ({ name: `d/${i}`, stored: true }));
    const asked: number[] = [];
    const node = await zipNode(fixtures, {
      confirmLarge: ({ amount }) => {
        asked.push(amount);
        return Promise.resolve(true);
      },
    });
    expect(asked).toEqual([20_001]);
    expect(node.entries).toHaveLength(20_001);
  });
});

describe('a tar', () => {
  const fixtures = [
    { name: './network.txt', data: 'nets' },
    { name: './hns/', type: '5' },
    { name: './hns/endpoint.txt', data: 'eps' },
    { name: './link', type: '2', linkname: '/etc/passwd' },
    { name: './hard', type: '1', linkname: 'network.txt' },
    { name: './null', type: '3' },
    { name: '../evil', data: 'x' },
    { name: './network.txt', data: 'again' },
  ];

  it.each([
    ['plain', 'b.tar', tarOf(fixtures)],
    ['gzipped', 'b.tar.gz', tarGzOf(fixtures)],
    ['under any name', 'b.bin', tarGzOf(fixtures)],
  ])('%s gives its files and refuses links, devices and bad names', async (_, name, bytes) => {
    const node = await one(put(name, bytes));
    expect(pathsOf(node)).toEqual([`${name}!/network.txt`, `${name}!/hns/endpoint.txt`]);
    expect(await Promise.all(node.entries.map(textOf))).toEqual(['nets', 'eps']);
    expect(rejectionsOf(node).map((line) => line.slice(line.indexOf(': ') + 2))).toEqual([
      'a symbolic link',
      'a hard link',
      'a device',
      'name leads out of the archive (..)',
      'a second entry of this name; the first is used',
    ]);
  });

  it('that was cut off keeps what came before, and the part of the file that was cut', async () => {
    const noise = Buffer.from(
      Uint8Array.from({ length: 200_000 }, (_, i) => 32 + ((i * i * 7919) % 90)),
    );
    const bytes = tarGzOf([
      { name: 'network.txt', data: 'nets' },
      { name: 'vfpOutput.txt', data: noise },
    ]);
    const node = await one(put('cut.tgz', bytes.subarray(0, Math.floor(bytes.length / 2))));
    expect(pathsOf(node)).toContain('cut.tgz!/network.txt');
    expect(rejectionsOf(node).join('\n')).toMatch(/cut off|cut short/);
  });

  it('does not decompress without end', async () => {
    const zeros = tarGzOf([{ name: 'zeros.txt', data: Buffer.alloc(100 << 20) }]);
    const node = await one(put('bomb.tgz', zeros), {
      limits: { totalBytes: 1000, entryBytes: 1000 },
    });
    expect(node.entries).toEqual([]);
    expect(rejectionsOf(node).join('\n')).toMatch(
      /zeros.txt: 104857600 bytes, more than the limit/,
    );
    expect(rejectionsOf(node).join('\n')).toMatch(/decompresses to more than/);
  });
});

describe('other sources', () => {
  it('opens a single file, also gzipped', async () => {
    const node = await one(put('vfpOutput.txt', 'rules'));
    expect(node).toMatchObject({ name: 'vfpOutput.txt', kind: 'file' });
    expect(await textOf(node.entries[0])).toBe('rules');
    const zipped = await one(put('kubelet.log.gz', gzipSync('log')));
    expect(pathsOf(zipped)).toEqual(['kubelet.log']);
    expect(await textOf(zipped.entries[0])).toBe('log');
  });

  it('takes pasted text', async () => {
    const node = pastedSource('pasted-1.txt', 'NAME READY', 0);
    expect(await textOf(node.entries[0])).toBe('NAME READY\n');
  });

  it('reports progress by file and cancels at once', async () => {
    for (let i = 0; i < 50; i += 1) put(`d${i}/f.txt`);
    const seen: string[] = [];
    const cancel = new AbortController();
    const opening = openSources([folder], {
      signal: cancel.signal,
      onProgress: ({ file }) => {
        seen.push(file);
        if (seen.length === 10) cancel.abort();
      },
    });
    await expect(opening).rejects.toThrow(/abort/i);
    expect(seen).toHaveLength(10);
  });

  it('cancels in the middle of a large entry, also of an archive', async () => {
    const data = Buffer.alloc(64 << 20, 'abc ');
    for (const path of [
      put('big.txt', data),
      put(
        'big.zip',
        zipOf([
          {
            name: 'big.txt',
            deflated: {
              bytes: deflateRawSync(data, { level: 1 }),
              size: data.length,
              crc32: crc32(data),
            },
          },
        ]),
      ),
    ]) {
      const node = await one(path);
      const cancel = new AbortController();
      let read = 0;
      const reading = node.entries[0]?.read({
        signal: cancel.signal,
        onBytes: (bytes) => {
          read += bytes;
          cancel.abort();
        },
      });
      await expect(reading).rejects.toThrow(/abort/i);
      expect(read).toBeLessThan(data.length / 2);
    }
  });

  it('writes nothing anywhere', async () => {
    put('b.zip', zipOf([{ name: 'network.txt', data: 'x' }]));
    const before = readdirSync(folder);
    const { nodes, close } = await openSources([join(folder, 'b.zip')]);
    await nodes[0]?.entries[0]?.read();
    await close();
    expect(readdirSync(folder)).toEqual(before);
  });
});
