import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scenario } from '../../shared/synthetic/scenarios';
import { zipOf } from '../sources/testing/archives';
import { writeBundle, zippedBundle } from '../sources/testing/bundles';
import { cli as typed, type Ran } from './testing/command-line';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function put(path: string, data: string | Uint8Array): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, data);
  return file;
}

function putScenario(
  id: string,
  name: string,
  only: (path: string) => boolean = () => true,
): string {
  const kept = [...scenario(id).bundle()].filter(([path]) => only(path));
  return writeBundle(join(folder, name), new Map(kept));
}

const cli = (...args: string[]): Promise<Ran> => typed(args);

interface Json {
  readonly nodes: readonly {
    readonly name: string;
    readonly files: readonly { readonly path: string; readonly encoding: string }[];
  }[];
  readonly clusterFiles: readonly { readonly path: string }[];
  readonly rejected: readonly { readonly path: string; readonly reason: string }[];
  readonly checks: readonly { readonly ruleId: string; readonly status: string }[];
  readonly findings: readonly {
    readonly ruleId: string;
    readonly severity: string;
    readonly evidence: readonly { readonly file: string; readonly line: number }[];
  }[];
}

async function json(...args: string[]): Promise<Json> {
  const { out } = await cli('analyze', ...args, '--format', 'json');
  return JSON.parse(out) as Json;
}

describe('analyze', () => {
  it('exits 1 for a broken node and 0 for a healthy one or when told never to fail', async () => {
    const broken = putScenario('broken-services-overlay', 'broken');
    const healthy = putScenario('healthy-l2bridge', 'healthy');
    expect((await cli('analyze', broken)).code).toBe(1);
    expect((await cli('analyze', broken, '--fail-on', 'never')).code).toBe(0);
    const well = await cli('analyze', healthy, '--fail-on', 'warning');
    expect(well).toMatchObject({ code: 0, err: [] });
    expect(well.out).toContain('No fault found');
  });

  it('finds the same in a folder, a zip and in UTF-16 as collected', async () => {
    const { expectedRule } = scenario('broken-services-overlay');
    const asFolder = await json(putScenario('broken-services-overlay', 'node'));
    const asZip = await json(
      put('node.zip', zippedBundle(scenario('broken-services-overlay').bundle())),
    );
    expect(asFolder.findings[0]?.ruleId).toBe(expectedRule);
    expect(asZip.findings.map(({ ruleId }) => ruleId)).toEqual(
      asFolder.findings.map(({ ruleId }) => ruleId),
    );
    expect(asZip.findings[0]?.evidence.map(({ file, line }) => [file, line])).toEqual(
      asFolder.findings[0]?.evidence.map(({ file, line }) => [`node.zip!/${file}`, line]),
    );
    expect(asFolder.nodes[0]?.files.some(({ encoding }) => encoding === 'utf-16le')).toBe(true);
  });

  it('takes several nodes, and more evidence beside them', async () => {
    const one = putScenario('healthy-l2bridge', 'one');
    const two = putScenario('broken-dns-overlay', 'two', (path) => !/kubectl/.test(path));
    const pods = put(
      'pods.txt',
      'NAME    READY   STATUS    RESTARTS   AGE\nweb-1   1/1     Running   0          3d\n',
    );
    const result = await json(one, two, '--with', pods);
    expect(result.nodes).toHaveLength(2);
    expect(result.clusterFiles.map(({ path }) => path)).toEqual(['pods.txt']);
  });

  it('runs a check when its evidence is added', async () => {
    const bare = putScenario(
      'healthy-l2bridge',
      'bare',
      (path) => !/net-conf|kubectl|events|pods/.test(path),
    );
    const netConf = put(
      'net-conf.json',
      '{"Network":"10.244.0.0/16","Backend":{"Name":"cbr0","Type":"host-gw"}}',
    );
    const count = ({ checks }: Json): number =>
      checks.filter(({ status }) => status !== 'not-checked').length;
    expect(count(await json(bare, '--with', netConf))).toBeGreaterThanOrEqual(
      count(await json(bare)),
    );
    expect((await cli('analyze', bare, '--with', join(folder, 'missing.json'))).code).toBe(2);
  });

  it('reads files named one by one as one node', async () => {
    const node = putScenario('healthy-overlay', 'node');
    const { nodes } = await json(join(node, 'network.txt'), join(node, 'endpoint.txt'));
    expect(nodes).toHaveLength(1);
    expect(nodes[0]?.files.map(({ path }) => path)).toEqual(['network.txt', 'endpoint.txt']);
  });

  it.each(['text', 'json', 'sarif', 'html'])('writes %s to a file', async (format) => {
    const target = join(folder, `report.${format}`);
    const ran = await cli(
      'analyze',
      putScenario('healthy-overlay', 'node'),
      '--format',
      format,
      '--output',
      target,
    );
    expect(ran).toEqual({ code: 0, out: '', err: [], asked: [] });
    expect(readFileSync(target, 'utf8')).toContain('hns-workbench');
  });

  it('misses nothing in a file that has a hole where it was never written, and tells of the hole', async () => {
    const node = putScenario('healthy-l2bridge', 'node');
    const file = join(node, 'processes.txt');
    const bytes = readFileSync(file);
    const row = bytes.indexOf(Buffer.from('flanneld', 'utf16le'));
    expect(row).toBeGreaterThan(0);
    writeFileSync(file, bytes.fill(0, row, row + 16));
    const { out } = await cli('analyze', node);
    expect(out).not.toMatch(/flanneld is not running/);
    expect(out).toMatch(/processes\.txt: .*a stretch of NULs: what stood here was not written/s);
  });

  it('reads a damaged zip as far as it goes and says what is missing', async () => {
    const zip = zippedBundle(scenario('healthy-overlay').bundle());
    const { nodes, rejected } = await json(put('cut.zip', zip.subarray(0, zip.length * 0.6)));
    expect(nodes[0]?.files.length).toBeGreaterThan(3);
    expect(rejected.map(({ reason }) => reason).join()).toMatch(/damaged/);
  });
});

describe('unusable input', () => {
  it.each([
    ['a path that is not there', () => [join(folder, 'nowhere')], /nowhere does not exist/],
    ['a folder with nothing in it', () => [folder], /holds no file/],
    [
      'a text that is nothing known',
      () => [put('poem.txt', 'Roses are red\nviolets are blue\n')],
      /poem\.txt is not a file of a bundle/,
    ],
    [
      'a picture',
      () => [
        put(
          'cat.png',
          Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]),
        ),
      ],
      /picture \(PNG\)/,
    ],
    [
      'a zip of other things',
      () => [
        put(
          'photos.zip',
          zipOf([
            { name: 'cat.txt', data: 'meow\n' },
            { name: 'dog.txt', data: 'wuff\n' },
          ]),
        ),
      ],
      /photos is not a bundle: .*cat\.txt/,
    ],
    ['a file that claims to be a zip', () => [put('fake.zip', 'not a zip at all')], /damaged/],
    ['an empty file', () => [put('empty.txt', '')], /empty/],
  ])('%s is one clear line and exit 2', async (_, paths, message) => {
    const { code, out, err } = await cli('analyze', ...paths());
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toHaveLength(1);
    expect(err[0]).toMatch(message);
    expect(err[0]).not.toMatch(/\n|defect/);
  });

  it.each([
    [['analyze'], /needs a path/],
    [['analyze', 'x', '--format', 'pdf'], /text, json, sarif, html/],
    [['analyze', 'x', '--colour'], /--colour/],
    [['analyze', 'x', '--fail-on'], /fail-on/],
    [['explode'], /no command "explode"/],
    [['rules', 'NO-SUCH-RULE'], /no rule NO-SUCH-RULE/],
  ])('arguments %j', async (args, message) => {
    const { code, err } = await cli(...args);
    expect(code).toBe(2);
    expect(err).toHaveLength(1);
    expect(err[0]).toMatch(message);
  });

  it('cannot be written where there is no folder', async () => {
    const node = putScenario('healthy-overlay', 'node');
    const { code, err } = await cli('analyze', node, '--output', join(folder, 'no/where.txt'));
    expect(code).toBe(2);
    expect(err[0]).toMatch(/cannot be written/);
  });
});

describe('other commands', () => {
  it('lists the rules and tells of one', async () => {
    const list = await cli('rules');
    expect(list.code).toBe(0);
    expect(list.out).toContain('HNS-ORPHAN-LB-ENDPOINT');
    expect((await cli('rules', 'hns-orphan-lb-endpoint')).out).toMatch(/Why it matters/);
    expect(JSON.parse((await cli('rules', '--format', 'json')).out)).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: 'HNS-ORPHAN-LB-ENDPOINT' })]),
    );
    expect((await cli('rules', 'HNS-ORPHAN-LB-ENDPOINT', '--format', 'markdown')).out).toMatch(
      /^# HNS-ORPHAN/,
    );
  });

  it('helps and tells its version', async () => {
    expect(await cli('--help')).toMatchObject({
      code: 0,
      out: expect.stringContaining('analyze PATH'),
    });
    expect((await cli('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await cli()).code).toBe(2);
  });
});
