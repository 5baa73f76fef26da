import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Facts, FactsOf } from '../../model/facts';
import { textFileOf } from '../../text/text-file';
import { parseFile } from '../parse-file';
import type { ParsedFile } from '../parsed-file';
import { ctrContainersParser } from './ctr-containers';
import { dockerPsParser } from './docker-ps';
import { hcsdiagParser } from './hcsdiag';
import { hnsJsonParser } from './hns-json';
import { hnsListParser } from './hns-list';
import { hnsTableParser } from './hns-table';
import { hnsdiagParser } from './hnsdiag';

const folder = new URL('./fixtures/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.txt'));
const text = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const HNS = [
  hnsJsonParser,
  hnsListParser,
  hnsTableParser,
  hnsdiagParser,
  hcsdiagParser,
  dockerPsParser,
  ctrContainersParser,
];
const parse = (content: string, path = 'pasted.txt'): ParsedFile =>
  parseFile(textFileOf(path, content), HNS);
const sample = (name: string): ParsedFile => parse(text(name), name);
const facts = <K extends Facts['kind']>(parsed: ParsedFile, kind: K): FactsOf<K> | undefined =>
  parsed.facts.find((fact): fact is FactsOf<K> => fact.kind === kind);

describe('real outputs', () => {
  it.each(names)('%s is read without losing a line silently', (name) => {
    const { unread, notes, status } = sample(name);
    const known = name === 'hns-response.txt' ? 1 : 0;
    expect({
      status,
      unread: unread.length,
      notes: notes.filter((n) => n.kind === 'skipped').length,
    }).toEqual({
      status:
        /cut|middle|wrapped|zhcn|azure|nat-network|hns-response|namespace-detail|indented/.test(
          name,
        )
          ? expect.anything()
          : 'parsed',
      unread: known,
      notes: name === 'endpoint-middle.txt' ? 1 : 0,
    });
  });

  it.each(names)('%s cut anywhere neither throws nor loses lines', (name) => {
    const whole = text(name);
    fc.assert(
      fc.property(fc.nat(whole.length), (cut) => {
        const part = whole.slice(0, cut);
        const parsed = parse(part, name);
        const lines = part.split('\n').length;
        for (const { line, endLine } of [...parsed.unread, ...parsed.notes]) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(endLine).toBeLessThanOrEqual(lines);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('reads the endpoint of an l2bridge pod from JSON and from a list alike', () => {
    const json = facts(sample('l2bridge-endpoint.txt'), 'hns-endpoints')?.items[0];
    const list = facts(sample('l2bridge-endpoint-list.txt'), 'hns-endpoints')?.items[0];
    expect(json).toMatchObject({
      id: '4d1d1b8c-c12d-461a-a608-11825b6a9189',
      ipAddresses: ['10.244.19.31'],
      mac: '00-15-5d-aa-bf-3d',
      policiesKnown: true,
    });
    expect(json?.policies.map((policy) => policy.kind)).toEqual([
      'outbound-nat',
      'route',
      'route',
      'l2-driver',
    ]);
    expect(json?.policies[0]).toMatchObject({
      exceptions: ['10.96.0.0/12', '10.127.130.0/24', '10.244.0.0/16'],
      exceptionsKnown: true,
    });
    expect(json?.policies[2]?.evidence[0]).toEqual({
      file: 'l2bridge-endpoint.txt',
      line: 20,
      endLine: 24,
    });
    expect(list).toMatchObject({
      gateways: ['10.244.19.2'],
      dnsServers: ['10.96.0.10'],
      dnsSuffixes: ['svc.cluster.local'],
      state: 3,
      prefixLength: 24,
      networkName: 'cbr0',
      isRemote: false,
    });
    expect(list?.policies.map((policy) => policy.kind)).toEqual([
      'outbound-nat',
      'route',
      'route',
      'l2-driver',
    ]);
    expect(list?.policies[0]).toMatchObject({ exceptionsKnown: false });
    expect(list?.sharedContainers).toHaveLength(2);
    expect(list?.fieldLines?.get('gateway')).toMatchObject({ line: 10, endLine: 10 });
  });

  it('takes one object out of a listing for what it is: not the whole listing', () => {
    expect(facts(sample('l2bridge-endpoint.txt'), 'hns-endpoints')?.complete).toBe(false);
    expect(facts(sample('l2bridge-endpoint-list.txt'), 'hns-endpoints')?.complete).toBe(false);
    expect(facts(sample('namespace-detail.txt'), 'hns-namespaces')?.complete).toBe(false);
  });

  it('reads V1 policy lists as load balancers', () => {
    const lbs = facts(sample('l2bridge-policy.txt'), 'hns-load-balancers');
    expect(lbs?.complete).toBe(false);
    expect(lbs?.items.map((lb) => [lb.vips, lb.ports, lb.endpointIds.length])).toEqual([
      [['10.102.220.146'], [{ protocol: 6, externalPort: 80, internalPort: 80 }], 2],
      [['10.96.0.10'], [{ protocol: 17, externalPort: 53, internalPort: 53 }], 2],
    ]);
  });

  it('reads the provider address of a remote endpoint on overlay', () => {
    const [endpoint] = facts(sample('overlay-remote-endpoint.txt'), 'hns-endpoints')?.items ?? [];
    expect(endpoint).toMatchObject({
      isRemote: true,
      encapOverhead: 50,
      networkType: 'overlay',
      mac: '0e-2a-0a-f4-02-8d',
    });
    expect(endpoint?.policies[0]).toMatchObject({
      kind: 'provider-address',
      address: '10.123.74.74',
    });
  });

  it('reads networks that the console wrapped inside words', () => {
    const [network] = facts(sample('zhcn-network-hard-wrapped.txt'), 'hns-networks')?.items ?? [];
    expect(network?.name).toBe('nat');
    expect(network?.extensions.map((extension) => extension.enabled)).toEqual([false, false, true]);
    expect(network?.extensions[1]).toMatchObject({
      id: 'e9b59cfa-2be1-4b21-828f-b6fbdbddc017',
      name: 'Microsoft Azure VFP Switch Extension',
    });
  });

  it('reads subnets and the management address of a listed network', () => {
    const [network] = facts(sample('overlay-network-list.txt'), 'hns-networks')?.items ?? [];
    expect(network).toMatchObject({
      name: 'External',
      type: 'overlay',
      managementIp: '10.0.0.6',
      state: 1,
    });
    expect(network?.subnets[0]).toMatchObject({
      prefix: '192.168.255.0/30',
      gateway: '192.168.255.1',
    });
  });

  it('reads hnsdiag with names that overflow their column and load balancers without a VIP', () => {
    const parsed = sample('l2bridge-hnsdiag.txt');
    expect(facts(parsed, 'hns-networks')?.items.map((network) => network.name)).toEqual([
      'nat',
      'External',
      'cbr0',
    ]);
    const endpoints = facts(parsed, 'hns-endpoints');
    expect(endpoints?.items).toHaveLength(6);
    expect(endpoints?.items[5]).toMatchObject({
      name: '79eab0190839b289532a0f4823905b61cf9a23ab4039a91a773584c5c1e063c_cbr0',
      networkName: 'cbr0',
      networkId: 'e838e224-d184-4f51-9516-7a4bc4d2be37',
      policiesKnown: false,
    });
    expect(facts(parsed, 'hns-namespaces')).toMatchObject({ items: [], complete: true });
    const lbs = facts(parsed, 'hns-load-balancers');
    expect(lbs?.items[3]).toMatchObject({ vips: [], evidence: [{ line: 24 }] });
    expect(lbs?.items[3]?.endpointIds).toHaveLength(2);
    expect(lbs?.complete).toBe(true);
  });

  it('reads sections that are only headers as empty, not as missing', () => {
    const parsed = sample('antrea-hnsdiag.txt');
    expect(facts(parsed, 'hns-load-balancers')).toMatchObject({ items: [], complete: true });
    expect(facts(parsed, 'hns-endpoints')?.items).toHaveLength(3);
  });

  it('knows that a list without its load balancers was cut, and reads on after a blank line', () => {
    const parsed = sample('vpc-hnsdiag-cut.txt');
    expect(facts(parsed, 'hns-endpoints')?.items).toHaveLength(11);
    expect(facts(parsed, 'hns-load-balancers')).toBeUndefined();
    expect(parsed.notes.some((note) => note.kind === 'truncated')).toBe(true);
  });

  it('reads the block form of newer Windows', () => {
    const [lb] = facts(sample('hnsdiag-blocks.txt'), 'hns-load-balancers')?.items ?? [];
    expect(lb).toMatchObject({
      id: '3599612c-54b4-4b9d-9258-4fc5e2100549',
      vips: ['172.30.0.1'],
      endpointIds: ['78c19c4d-7edf-43bd-ab2a-5ccf97f214fe'],
    });
  });

  it('takes a command that printed nothing for an empty listing, once the next prompt is there', () => {
    const empty = parse('PS C:\\k> Get-HNSNetwork\nPS C:\\k>\n');
    expect(facts(empty, 'hns-networks')).toMatchObject({ items: [], complete: true });
    expect(parse('PS C:\\k> Get-HNSNetwork\n').facts).toEqual([]);
    expect(parse('PS C:\\k> Get-HNSNetwork | ? Name -eq x\nPS C:\\k>\n').facts).toEqual([]);
  });

  it('reads answers of the HNS service, also wrapped at the console width', () => {
    const [network] = facts(sample('hns-response.txt'), 'hns-networks')?.items ?? [];
    expect(network).toMatchObject({
      type: 'nat',
      subnets: [{ prefix: '172.21.16.0/20', gateway: '172.21.16.1' }],
    });
    const wrapped = facts(sample('hns-response-wrapped.txt'), 'hns-networks')?.items ?? [];
    expect(wrapped.map((item) => [item.name, item.type, item.managementIp])).toEqual([
      ['External', 'overlay', '10.1.36.50'],
      ['nat', 'nat', undefined],
    ]);
    expect(wrapped[0]?.macRanges).toEqual([{ from: '00-15-5d-69-30-00', to: '00-15-5d-69-3f-ff' }]);
    expect(wrapped[0]?.subnets[0]?.vsid).toBe(9999);
  });

  it('does not take a request for the state of the node', () => {
    expect(sample('hns-request.txt').facts).toEqual([]);
  });

  it('reads the namespace with its compartment, containers and endpoints', () => {
    const [namespace] = facts(sample('namespace-detail.txt'), 'hns-namespaces')?.items ?? [];
    expect(namespace).toMatchObject({
      id: '7cb720c0-ac4c-4266-92e1-dc277b2a9b94',
      compartmentId: 6,
      isDefault: false,
      endpointIds: ['7cc03af7-2978-449f-9968-595862b80f8b'],
      containerIds: ['291cd4892b99', '0f70f0bcccaf'],
    });
  });
});
