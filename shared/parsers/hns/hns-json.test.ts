import { describe, expect, it } from 'vitest';
import type { Facts, FactsOf } from '../../model/facts';
import { textFileOf } from '../../text/text-file';
import { parseFile } from '../parse-file';
import type { ParsedFile } from '../parsed-file';
import { hnsJsonParser } from './hns-json';
import { hnsTableParser } from './hns-table';

const parse = (content: string, path = 'pasted.txt'): ParsedFile =>
  parseFile(textFileOf(path, content), [hnsJsonParser, hnsTableParser]);
const facts = <K extends Facts['kind']>(parsed: ParsedFile, kind: K): FactsOf<K> | undefined =>
  parsed.facts.find((fact): fact is FactsOf<K> => fact.kind === kind);

const EP = '4D1D1B8C-C12D-461A-A608-11825B6A9189';
const NET = 'E838E224-D184-4F51-9516-7A4BC4D2BE37';

const V2_ENDPOINT = {
  Id: EP.toLowerCase(),
  Name: 'cid-1',
  HostComputeNetwork: NET.toLowerCase(),
  HostComputeNamespace: '00000000-0000-0000-0000-000000000000',
  Policies: [
    { Type: 'OutBoundNAT', Settings: { Exceptions: ['10.96.0.0/12', 'fd00:10:96::/112'] } },
    { Type: 'SDNRoute', Settings: { DestinationPrefix: '10.96.0.0/12', NeedEncap: true } },
    { Type: 'EncapOverhead', Settings: { Overhead: 50 } },
    { Type: 'Odd', Settings: { A: 1 } },
  ],
  IpConfigurations: [
    { IpAddress: 'FD00::0005', PrefixLength: 64 },
    { IpAddress: '10.244.1.5', PrefixLength: 24 },
  ],
  Dns: {
    Domain: 'default.svc.cluster.local',
    Search: ['svc.cluster.local'],
    ServerList: ['10.96.0.10'],
  },
  Routes: [
    { NextHop: '10.244.1.2', DestinationPrefix: '0.0.0.0/0' },
    { NextHop: '10.0.0.1', DestinationPrefix: '10.0.0.0/8' },
  ],
  MacAddress: '00-15-5D-AA-BF-3D',
  Flags: 0,
  SchemaVersion: { Major: 2, Minor: 0 },
};

describe('HNS JSON', () => {
  it('reads V2 endpoints, dual stack', () => {
    const [endpoint] =
      facts(parse(JSON.stringify([V2_ENDPOINT], undefined, 2)), 'hns-endpoints')?.items ?? [];
    expect(endpoint).toMatchObject({
      schema: 2,
      ipAddresses: ['10.244.1.5', 'fd00::5'],
      gateways: ['10.244.1.2'],
      dnsServers: ['10.96.0.10'],
      dnsSuffixes: ['default.svc.cluster.local', 'svc.cluster.local'],
      isRemote: false,
      encapOverhead: 50,
      namespaceId: undefined,
    });
    expect(endpoint?.policies.map((policy) => policy.kind)).toEqual([
      'outbound-nat',
      'route',
      'encap-overhead',
      'other',
    ]);
  });

  it('knows a remote V2 endpoint by its flag', () => {
    const [endpoint] =
      facts(parse(JSON.stringify({ ...V2_ENDPOINT, Flags: 1 })), 'hns-endpoints')?.items ?? [];
    expect(endpoint?.isRemote).toBe(true);
  });

  it('reads V2 load balancers, with and without a VIP', () => {
    const lb = {
      ID: '9007BB8A-B10F-4C65-835E-98545989A840',
      HostComputeEndpoints: [EP],
      SourceVIP: '10.244.1.254',
      FrontendVIPs: ['FD00::A'],
      PortMappings: [{ Protocol: 17, InternalPort: 53, ExternalPort: 53, Flags: 3 }],
      Flags: 3,
      SchemaVersion: { Major: 2, Minor: 0 },
    };
    const items =
      facts(
        parse(JSON.stringify([lb, { ...lb, FrontendVIPs: [], Flags: 0 }])),
        'hns-load-balancers',
      )?.items ?? [];
    expect(items[0]).toMatchObject({
      vips: ['fd00::a'],
      isDsr: true,
      isIpv6: true,
      isIlb: true,
      localRoutedVip: true,
      sourceVip: '10.244.1.254',
    });
    expect(items[1]).toMatchObject({ vips: [], isDsr: false });
  });

  it('reads V2 networks and namespaces', () => {
    const network = {
      ID: NET,
      Name: 'cbr0',
      Type: 'L2Bridge',
      Ipams: [
        {
          Type: 'Static',
          Subnets: [
            {
              IpAddressPrefix: '10.244.1.0/24',
              Routes: [{ NextHop: '10.244.1.1', DestinationPrefix: '0.0.0.0/0' }],
              Policies: [{ Type: 'VSID', Settings: { IsolationId: 4096 } }],
            },
          ],
        },
      ],
      Policies: [
        { Type: 'ProviderAddress', Settings: { ProviderAddress: '10.127.130.36' } },
        { Type: 'NetAdapterName', Settings: { NetworkAdapterName: 'Ethernet' } },
      ],
      MacPool: {
        Ranges: [{ StartMacAddress: '00-15-5D-00-00-00', EndMacAddress: '00-15-5D-00-0F-FF' }],
      },
      SchemaVersion: { Major: 2, Minor: 0 },
    };
    const namespace = {
      Id: EP,
      NamespaceId: 7,
      Type: 'HostDefault',
      Resources: [
        { Type: 'Endpoint', Data: { Id: EP } },
        { Type: 'Container', Data: { Id: 'abc' } },
      ],
      SchemaVersion: { Major: 2, Minor: 0 },
    };
    const parsed = parse(`${JSON.stringify(network)}\n${JSON.stringify(namespace)}`);
    expect(facts(parsed, 'hns-networks')?.items[0]).toMatchObject({
      type: 'l2bridge',
      schema: 2,
      managementIp: '10.127.130.36',
      adapterName: 'Ethernet',
      subnets: [{ prefix: '10.244.1.0/24', gateway: '10.244.1.1', vsid: 4096 }],
    });
    expect(facts(parsed, 'hns-namespaces')?.items[0]).toMatchObject({
      compartmentId: 7,
      isDefault: true,
      containerIds: ['abc'],
      endpointIds: [EP.toLowerCase()],
    });
  });

  it('reads the table and then the JSON of a collected file, every line accounted for', () => {
    const table = `\r\nName Type     Id                                   AddressPrefix\r\n---- ----     --                                   -------------\r\nnat  nat      ${EP} \r\ncbr0 L2Bridge ${NET} \r\n\r\n\r\n`;
    const json = `[\r\n    {\r\n        "ActivityId":  "X",\r\n        "ID":  "${NET}",\r\n        "ManagementIP":  "",\r\n        "Name":  "cbr0",\r\n        "Type":  "L2Bridge"\r\n    }\r\n]\r\n`;
    const parsed = parse(table + json, 'network.txt');
    expect([parsed.status, parsed.kinds]).toEqual(['parsed', ['hns-json', 'hns-table']]);
    const lists = parsed.facts.filter(
      (fact): fact is FactsOf<'hns-networks'> => fact.kind === 'hns-networks',
    );
    expect(lists.map((fact) => fact.items.length)).toEqual([1, 2]);
    expect(lists[0]?.items[0]?.managementIp).toBe('');
    expect(lists[0]?.items[0]?.fieldLines?.get('managementIp')?.line).toBe(12);
  });

  it('leaves the rows of a table of addresses to the table', () => {
    const parsed = parse(
      `IPAddress    MacAddress        State\n---------    ----------        -----\n10.244.1.5   00-15-5D-AA-BF-3D     3\n\n[{"ID":"${EP}","VirtualNetwork":"${NET}","Version":1}]\n`,
    );
    expect([parsed.status, parsed.kinds]).toEqual(['parsed', ['hns-json', 'hns-table']]);
  });

  it('reads nested objects that ConvertTo-Json cut to strings', () => {
    const [endpoint] =
      facts(
        parse(
          `{"ID":"${EP}","VirtualNetwork":"${NET}","Version":1,"Policies":["@{Type=L2Driver}","@{ExceptionList=System.Object[]; Type=OutBoundNAT}"],"Health":"@{LastErrorCode=2151350278; LastUpdateTime=132}"}`,
        ),
        'hns-endpoints',
      )?.items ?? [];
    expect(endpoint?.policies[1]).toMatchObject({ kind: 'outbound-nat', exceptionsKnown: false });
    expect(endpoint?.health?.lastErrorCode).toBe(2151350278);
  });

  it('keeps what is whole of a cut file and says that the list is not', () => {
    const whole = JSON.stringify([V2_ENDPOINT, { ...V2_ENDPOINT, Id: NET }], undefined, 4);
    const parsed = parse(whole.slice(0, whole.lastIndexOf('"Policies"')), 'endpoint.txt');
    const list = facts(parsed, 'hns-endpoints');
    expect([list?.complete, list?.items.length, list?.items[1]?.policiesKnown]).toEqual([
      false,
      2,
      false,
    ]);
    expect(parsed.notes.map((note) => note.kind)).toContain('truncated');
  });

  it('recovers whole objects of a file whose start is missing', () => {
    const whole = JSON.stringify([V2_ENDPOINT, { ...V2_ENDPOINT, Id: NET }], undefined, 4);
    const parsed = parse(whole.slice(whole.indexOf('"Dns"')), 'endpoint.txt');
    expect(facts(parsed, 'hns-endpoints')).toMatchObject({
      complete: false,
      items: [{ id: NET.toLowerCase() }],
    });
    expect(parsed.unread).toEqual([]);
  });

  it('takes an empty array for an empty list by the name of the file', () => {
    expect(facts(parse('[]\n', 'c/2024_policy.txt'), 'hns-load-balancers')).toMatchObject({
      items: [],
      complete: true,
    });
    expect(parse('[]\n', 'other.txt').facts).toEqual([]);
  });

  it('explains an error that HNS answered with', () => {
    const parsed = parse('{"Success":false,"Error":"找不到适配器。","ErrorCode":2151350278}');
    expect(parsed.facts).toEqual([]);
    expect(parsed.notes[0]?.message).toContain('no usable network adapter');
  });

  it('leaves JSON of others alone', () => {
    expect(parse('{"apiVersion":"v1","kind":"List","items":[]}').status).toBe('unrecognised');
    expect(parse('{"cniVersion":"0.2.0","name":"cbr0","type":"flannel"}').status).toBe(
      'unrecognised',
    );
  });
});
