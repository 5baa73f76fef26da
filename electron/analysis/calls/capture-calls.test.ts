import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { AnalysisChannel, Args, Result } from '../../../shared/ipc/contract';
import { pcapngSection, type CapturedPacket } from '../../../shared/synthetic/capture-file';
import * as p from '../../../shared/synthetic/packets';
import { planNode } from '../../../shared/synthetic/node-plan';
import { bundleOf } from '../../../shared/synthetic/synthetic-node';
import { zipOf } from '../../sources/testing/archives';
import { capturePath } from '../capture-files';
import type { LoadedCase } from '../load-case';
import { ask as askOf, openedCase } from '../testing/opened-case';
import type { CallAbout } from './handler';

const plan = planNode({ mode: 'l2bridge' });
const pod = plan.pods[0];
const [service] = plan.loadBalancers.filter(({ vip }) => vip !== undefined);
const mac = { pod: '00-15-5d-00-00-05', host: '00-15-5d-00-00-01' };

/** A pod that asks a service and DNS, and a name server that does not answer. */
function capture(): Uint8Array {
  const from = pod?.ip ?? '';
  const packets: CapturedPacket[] = [];
  const add = (ms: number, bytes: Uint8Array, at = 0): void => {
    packets.push({
      bytes,
      time: 1_700_000_000_000_000_000n + BigInt(ms) * 1_000_000n,
      interface: at,
    });
  };
  const eth = (ip: Uint8Array): Uint8Array => p.ethernet(mac.pod, mac.host, 0x0800, ip);
  const tcp = (flags: number, to: string, id: number): Uint8Array => {
    const ends = { source: from, destination: to, sourcePort: 50001, destinationPort: 80 };
    return eth(p.ip(from, to, 6, p.tcp(ends, { flags, sequence: 7 }), { id }));
  };
  add(0, tcp(2, service?.vip ?? '', 100));
  add(0, tcp(2, plan.remotePods[0]?.ip ?? '', 100), 1);
  const dns = (id: number): Uint8Array => {
    const ends = { source: from, destination: plan.dnsVip, sourcePort: 50002, destinationPort: 53 };
    return eth(
      p.ip(from, plan.dnsVip, 17, p.udp(ends, p.dns({ id, name: 'web.example' })), { id }),
    );
  };
  add(10, dns(1));
  add(9000, tcp(2, '192.0.2.200', 101));
  return pcapngSection(packets, { interfaces: [{ name: 'pod port' }, { name: 'uplink' }] });
}

let folder = '';
let about: CallAbout;
let loaded: LoadedCase;
let snapshotId = '';
const file = 'packets.pcapng';
const all = { file, filter: '', from: null, to: null };

async function open(where: string): Promise<CallAbout> {
  const opened = await openedCase([where]);
  loaded = opened.loaded;
  return opened.about;
}

const ask = <C extends AnalysisChannel>(channel: C, args: Args<C>): Promise<Result<C>> =>
  askOf(about, channel, args);

const files = (): (readonly [string, string | Uint8Array])[] => [
  ...bundleOf(plan),
  [file, capture()],
  ['server.etl', new Uint8Array(8192)],
];

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'captures-'));
  for (const [name, content] of files()) {
    const target = path.join(folder, 'node', name);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
  writeFileSync(
    path.join(folder, 'node.zip'),
    zipOf(files().map(([name, data]) => ({ name: `node/${name}`, data }))),
  );
});
afterAll(async () => {
  await loaded.close();
  rmSync(folder, { recursive: true });
});

describe('a bundle with captures', () => {
  beforeAll(async () => {
    about = await open(path.join(folder, 'node'));
    snapshotId = about.case.snapshots()[0]?.id ?? '';
  });

  test('lists what was read, and what would have to be converted', async () => {
    const { captures } = await ask('captures:list', { snapshotId });
    const known = new Map(captures.map((each) => [each.file, each]));
    expect(known.get('server.etl')).toMatchObject({ format: 'etl', read: null });
    expect(known.get(file)?.read).toMatchObject({
      packets: 4,
      flows: 4,
      firstTime: 1_700_000_000_000,
      places: [{ name: 'pod port', linkType: 'Ethernet', packets: 3 }, { name: 'uplink' }],
      notes: [],
    });
    expect(capturePath(about.case, snapshotId, file)).toBe(path.join(folder, 'node', file));
  });

  test('flows name pods and services, sort, filter, and say what is wrong with a filter', async () => {
    const page = { snapshotId, ...all, sort: null, offset: 0, limit: 50 };
    const { items, total } = await ask('captures:flows', page);
    expect(total).toBe(4);
    expect(items[0]?.client.object).toMatchObject({ kind: 'pod', name: pod?.name });
    expect(items[0]?.server.object?.kind).toBe('service');
    expect(items[0]?.trace).toEqual({
      from: pod?.ip,
      to: `${service?.vip ?? ''}:80`,
      protocol: 'tcp',
      sourcePort: 50001,
    });
    const worst = await ask('captures:flows', {
      ...page,
      sort: { column: 'trouble', descending: true },
    });
    expect(worst.items[0]?.marks[0]).toEqual({ tone: 'error', text: 'unanswered' });
    const dns = await ask('captures:flows', { ...page, filter: 'service kube-dns unanswered' });
    expect(dns.items.map(({ names }) => names)).toEqual(['web.example']);
    expect(dns.items[0]?.marks).toEqual([{ tone: 'error', text: '1 query unanswered' }]);
    const wrong = await ask('captures:flows', { ...page, filter: 'tcp and prt 80' });
    expect(wrong).toMatchObject({
      matching: 4,
      problem: { from: 8, to: 11, suggestions: ['port'] },
    });
    const late = await ask('captures:flows', { ...page, from: 1_700_000_008_000 });
    expect(late.matching).toBe(1);
  });

  test('packets are read from the file again, with their bytes and their path', async () => {
    const { items } = await ask('captures:packets', {
      snapshotId,
      ...all,
      flow: null,
      offset: 0,
      limit: 50,
    });
    expect(items.map(({ protocol, place }) => [protocol, place])).toEqual([
      ['TCP', 'pod port'],
      ['TCP', 'uplink'],
      ['DNS', 'pod port'],
      ['TCP', 'pod port'],
    ]);
    expect(items[2]?.info).toBe('query A web.example');
    const packet = await ask('captures:packet', { snapshotId, file, index: 1 });
    expect(packet?.layers.map(({ name }) => name)).toEqual(['Ethernet', 'IPv4', 'TCP']);
    expect(packet?.time).toBe('2023-11-14 22:13:20.000000000');
    expect(packet?.hex.length).toBe(54 * 2);
    expect(packet?.path.map(({ change }) => change)).toEqual(['', 'destination rewritten']);
    expect(await ask('captures:packet', { snapshotId, file, index: 99 })).toBeNull();
  });

  test('a rewrite that the capture shows is held against the rules', async () => {
    const report = await ask('captures:rewrites', { snapshotId, file, index: 0 });
    expect(report?.seen[0]).toMatchObject({ kind: 'destination', packets: [0, 1] });
    expect(await ask('captures:rewrites', { snapshotId, file, index: 99 })).toBeNull();
  });

  test('the time line counts packets, and completion offers what the node knows', async () => {
    const line = await ask('captures:timeline', { snapshotId, ...all, flow: null, parts: 10 });
    expect(line?.counts).toEqual([3, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    const offered = await ask('captures:complete', {
      snapshotId,
      file,
      text: 'service kube-d',
      cursor: 14,
    });
    expect(offered.items.map(({ text }) => text)).toEqual(['kube-system/kube-dns']);
  });

  test('a capture that is not open any more is told', async () => {
    const asking = ask('captures:packet', { snapshotId, file: 'gone.pcap', index: 0 });
    await expect(asking).rejects.toThrow('not open any more');
  });
});

it('a capture in a compressed archive reads the same', async () => {
  await loaded.close();
  about = await open(path.join(folder, 'node.zip'));
  snapshotId = about.case.snapshots()[0]?.id ?? '';
  const { captures } = await ask('captures:list', { snapshotId });
  const zipped = captures.find(({ read }) => read !== null);
  expect(zipped?.file).toMatch(/node\.zip!\/.*packets\.pcapng$/);
  const packet = await ask('captures:packet', { snapshotId, file: zipped?.file ?? '', index: 2 });
  expect(packet?.layers.at(-1)?.name).toBe('DNS');
  expect(capturePath(about.case, snapshotId, zipped?.file ?? '')).toBeNull();
});
