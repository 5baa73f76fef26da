import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scenario } from '../../shared/synthetic/scenarios';
import { writeBundle } from '../sources/testing/bundles';
import { cli as typed, type Ran } from './testing/command-line';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trace-test-'));
  for (const id of ['healthy-l2bridge', 'broken-dns-l2bridge'])
    writeBundle(join(folder, id), scenario(id).bundle());
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const cli = (...args: string[]): Promise<Ran> => typed(args);

const trace = (id: string, ...args: string[]): ReturnType<typeof cli> =>
  cli('trace', join(folder, id), ...args);

const DNS = ['--from', 'win-client', '--to', 'kube-dns:dns'] as const;

describe('trace', () => {
  it('exits 0 when the packet arrives on every way, and 1 when it does not', async () => {
    const well = await trace('healthy-l2bridge', ...DNS);
    expect(well).toMatchObject({ code: 0, err: [] });
    expect(well.out).toContain('It arrives on each of its 2 ways.');
    const broken = await trace('broken-dns-l2bridge', ...DNS);
    expect(broken).toMatchObject({ code: 1, err: [] });
    expect(broken.out).toContain('No endpoint: 10.96.0.10:53');
    expect(broken.out).toContain('HNS has 10.96.0.10:53/TCP, 10.96.0.10:9153/TCP and none for it');
  });

  it('the minimal depth shows only what changes the packet and how it ends', async () => {
    const { out } = await trace(
      'healthy-l2bridge',
      '--from',
      'win-client',
      '--to',
      '8.8.8.8:443',
      '--depth',
      'minimal',
    );
    expect(out.split('\n')).toEqual([
      'TCP 10.244.19.31:? -> 8.8.8.8:443',
      expect.stringMatching(/^SNAT_TCP_OUTBOUNDNAT_\S+ makes 10\.127\.130\.38 the source/),
      '  = TCP 10.127.130.38:? -> 8.8.8.8:443',
      '=> Delivered after NAT: It leaves win-24elfepi8d9 for 8.8.8.8 by 10.127.130.1.',
      '',
    ]);
  });

  it('the full depth names the rules that lost, with file and line', async () => {
    const { out } = await trace('healthy-l2bridge', ...DNS, '--depth', 'full');
    expect(out).toMatch(
      /not LB_\S+_53_53_6: does not match: Protocols : 6, the packet has 17 \(vfpOutput\.txt:\d+-\d+\)/,
    );
    expect(out).toContain('This trace rests on:');
  });

  it('JSON says the same, with a header before and after each step', async () => {
    const { out } = await trace('healthy-l2bridge', ...DNS, '--format', 'json');
    const document = JSON.parse(out) as Record<string, unknown>;
    expect(document).toMatchObject({
      schemaVersion: 1,
      delivered: true,
      node: 'win-24elfepi8d9',
      packet: { sourceIp: '10.244.19.31', destinationIp: '10.96.0.10', protocol: 17 },
      branches: [
        { choices: [{ kind: 'dip', text: '10.244.0.3:53' }], disposition: { success: true } },
        { choices: [{ kind: 'dip', text: '10.244.0.4:53' }] },
      ],
    });
    expect(document['steps']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          kind: 'rule',
          layer: 'ACL_ENDPOINT_LAYER',
          before: expect.anything() as unknown,
        }),
      ]),
    );
  });

  it.each([
    [['--from', 'win-client'], 'trace needs --from and --to'],
    [['--from', 'win-client', '--to', 'kube-dns:53'], '53/UDP, 53/TCP'],
    [['--from', 'win-webserver', '--to', '8.8.8.8:443'], 'may be any of 4 pods'],
    [['--from', 'nobody', '--to', '8.8.8.8:443'], 'is no address, endpoint, node or pod'],
    [[...DNS, '--protocol', 'sctp'], '--protocol is one of tcp, udp, icmp'],
    [[...DNS, '--source-port', '70000'], '--source-port is a port'],
    [[...DNS, '--depth', 'deep'], '--depth is one of minimal, summary, full'],
  ])('%j: exit 2 and one line that says why', async (args, message) => {
    const { code, out, err } = await trace('healthy-l2bridge', ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toEqual([expect.stringContaining(message)]);
  });

  it('refuses what is no bundle', async () => {
    const { code, err } = await trace('nowhere', ...DNS);
    expect(code).toBe(2);
    expect(err).toHaveLength(1);
  });
});

describe('trace --matrix', () => {
  const matrix = (id: string, ...args: string[]): ReturnType<typeof cli> =>
    trace(id, '--matrix', ...args);

  it('exits 0 when everything is reached, and counts it', async () => {
    const { code, out } = await matrix('healthy-l2bridge');
    expect(code).toBe(0);
    expect(out).toMatch(/^3 pods of 1 node, \d+ destinations: (\d+) of \1 packets arrive/);
    expect(out).toMatch(/DNS +2 of 2 are reached by every pod/);
  });

  it('shows what is not reached from where, why, and the trace that tells more', async () => {
    const { code, out } = await matrix('broken-dns-l2bridge');
    expect(code).toBe(1);
    expect(out).toMatch(/DNS +1 of 2 are reached by every pod/);
    expect(out).toMatch(/^default\/win-client-\S+ +x$/m);
    expect(out).toContain('x no endpoint');
    expect(out).toContain('1. kube-system/kube-dns 10.96.0.10:53/udp, not from 3 pods');
    expect(out).toContain('No endpoint: 10.96.0.10:53 is an address of service');
    expect(out).toMatch(/trace --from 10\.244\.19\.\d+ --to 10\.96\.0\.10:53 --protocol udp/);
  });

  it('as JSON has a cell for every pod and destination', async () => {
    const { out } = await matrix('broken-dns-l2bridge', '--format', 'json');
    const { rows, columns, cells } = JSON.parse(out) as {
      rows: unknown[];
      columns: { kind: string; protocol: string }[];
      cells: (null | { kind: string; lost: number })[][];
    };
    expect(cells).toHaveLength(rows.length);
    const dns = columns.findIndex(({ kind, protocol }) => kind === 'dns' && protocol === 'udp');
    for (const line of cells) {
      expect(line).toHaveLength(columns.length);
      expect(line[dns]).toMatchObject({ kind: 'no-endpoint', lost: 1 });
    }
  });

  it('takes no options of one packet', async () => {
    const { code, err } = await matrix('healthy-l2bridge', '--from', 'win-client');
    expect(code).toBe(2);
    expect(err.join()).toContain('no --from');
  });
});
