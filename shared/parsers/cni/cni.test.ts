import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CniConfig } from '../../model/cni';
import { textFile, textFileOf } from '../../text/text-file';
import type { Parser } from '../parser';
import { wholeFile } from '../parser';
import { unaccounted } from '../testing/accounting';
import { factItems } from '../testing/facts-of';
import { cniConfigParser } from './cni-config';
import { flannelNetConfParser } from './flannel-net-conf';
import { linuxCniConfParser } from './linux-cni-conf';
import { sourceVipParser } from './source-vip';
import { subnetEnvParser } from './subnet-env';

const WIN_BRIDGE = `{
    "cniVersion":  "0.2.0",
    "name":  "cbr0",
    "type":  "flannel",
    "delegate":  {
                     "type":  "win-bridge",
                     "dns":  {
                                 "Nameservers":  [
                                                     "10.96.0.10"
                                                 ],
                                 "Search":  [
                                                "svc.cluster.local"
                                            ]
                             },
                     "policies":  [
                                      {
                                          "Name":  "EndpointPolicy",
                                          "Value":  {
                                                        "Type":  "OutBoundNAT",
                                                        "ExceptionList":  [
                                                                              "10.244.0.0/0",
                                                                              "10.96.0.0/12"
                                                                          ]
                                                    }
                                      },
                                      {
                                          "Name":  "EndpointPolicy",
                                          "Value":  {
                                                        "Type":  "ROUTE",
                                                        "DestinationPrefix":  "10.96.0.0/12",
                                                        "NeedEncap":  true
                                                    }
                                      }
                                  ]
                 }
}
`;

const SDN_OVERLAY = `{
    "cniVersion": "0.2.0",
    "name": "vxlan0",
    "type": "flannel",
    "capabilities": { "portMappings": true, "dnsCapabilities": true },
    "delegate": {
        "type": "sdnoverlay",
        "optionalFlags" : { "loopbackDSR": false },
        "AdditionalArgs": [
            { "Name": "EndpointPolicy",
              "Value": { "Type": "OutBoundNAT",
                "Settings": {
                  "Exceptions":  [
                    "10.244.0.0/16",
                    "fd00::/64" ] } } },
            { "Name": "EndpointPolicy", "Value": { "Type": "SDNRoute",
                "Settings": { "DestinationPrefix":  "10.96.0.0/12", "NeedEncap": true } } },
            { "Name":"EndpointPolicy", "Value":{ "Type":"ProviderAddress", "Settings":{ "ProviderAddress":"ip of host" } } }
        ]
    }
}
`;

const AZURE = `{
  "cniVersion": "0.3.0",
  "name": "azure",
  "plugins": [
    {
      "type": "azure-vnet",
      "capabilities": { "portMappings": true, "dns": true },
      "ipam": { "type": "azure-cns" },
      "dns": { "Nameservers": [ "10.0.0.10", "168.63.129.16" ], "Search": [ "svc.cluster.local" ] },
      "AdditionalArgs": [
        { "Name": "EndpointPolicy", "Value": { "Type": "OutBoundNAT", "ExceptionList": [ "10.240.0.0/16" ] } },
        { "Name": "EndpointPolicy", "Value": { "Type": "ACL", "Protocols": "6", "Action": "Block", "Direction": "Out", "RemoteAddresses": "168.63.129.16", "RemotePorts": "80", "Priority": 200 } }
      ]
    }
  ]
}
`;

const LINUX = `{
  "name": "cbr0",
  "cniVersion": "0.3.1",
  "plugins": [
    { "type": "flannel", "delegate": { "hairpinMode": true, "isDefaultGateway": true } },
    { "type": "portmap", "capabilities": { "portMappings": true } }
  ]
}
`;

const NET_CONF = `{
    "Network":  "10.244.0.0/16",
    "Backend":  {
                    "name":  "vxlan0",
                    "type":  "vxlan",
                    "VNI": 4096,
                    "Port": 4789
                }
}
`;

function config(text: string, path = 'cni/config/cni.conf'): CniConfig {
  const facts = cniConfigParser.parse(wholeFile(textFileOf(path, text))).facts;
  const [found] = factItems(facts, 'cni-configs');
  if (!found) throw new Error('no configuration');
  return found;
}

describe('CNI configuration', () => {
  it('gives every exception its own line', () => {
    const [nat] = config(WIN_BRIDGE).plugins[0]?.policies ?? [];
    expect(nat?.form).toBe('v1');
    expect(nat?.exceptions.map(({ value, evidence }) => [value, evidence.line])).toEqual([
      ['10.244.0.0/0', 21],
      ['10.96.0.0/12', 22],
    ]);
  });

  it('reads flannel with win-bridge: names, DNS, routes', () => {
    const conf = config(WIN_BRIDGE);
    const [plugin] = conf.plugins;
    expect(conf.name?.value).toBe('cbr0');
    expect(conf.problems).toEqual([]);
    expect(plugin?.type?.value).toBe('flannel');
    expect(plugin?.delegateType).toMatchObject({ value: 'win-bridge', evidence: { line: 6 } });
    expect(plugin?.dnsServers).toMatchObject([{ value: '10.96.0.10', evidence: { line: 9 } }]);
    expect(plugin?.dnsSearch.map((s) => s.value)).toEqual(['svc.cluster.local']);
    expect(plugin?.policies[1]?.policy).toMatchObject({
      kind: 'route',
      destinationPrefix: '10.96.0.0/12',
      needEncap: true,
    });
  });

  it('reads the V2 form of sdnoverlay, IPv6 exceptions and flags', () => {
    const [plugin] = config(SDN_OVERLAY).plugins;
    expect(plugin?.policies.map(({ form, policy }) => [form, policy.kind])).toEqual([
      ['v2', 'outbound-nat'],
      ['v2', 'route'],
      ['v2', 'provider-address'],
    ]);
    expect(plugin?.policies[0]?.exceptions[1]).toMatchObject({
      value: 'fd00::/64',
      evidence: { line: 15 },
    });
    expect(plugin?.loopbackDsr?.value).toBe(false);
    expect(plugin?.dnsCapability).toBe(true);
  });

  it('reads a list of plugins (azure-vnet) with its ACLs', () => {
    const [plugin] = config(AZURE, '10-azure.conflist').plugins;
    expect(plugin?.ipamType?.value).toBe('azure-cns');
    expect(plugin?.dnsCapability).toBe(true);
    expect(plugin?.policies[1]?.policy).toMatchObject({
      kind: 'acl',
      remoteAddresses: '168.63.129.16',
    });
  });

  it('names the place of what strict JSON refuses', () => {
    const text = `# made by hand\n${WIN_BRIDGE.replace('    "name"', '\u00a0\u00a0\u00a0\u00a0"name"').replace('"10.244.0.0/0",', '"10.244.0.0/16"')}`;
    const conf = config(text);
    expect(conf.problems.map(({ evidence, message }) => [evidence.line, message])).toEqual([
      [1, expect.stringContaining('comment')],
      [4, expect.stringContaining('no-break')],
      [23, expect.stringContaining('comma is missing')],
    ]);
    expect(conf.plugins[0]?.policies).toHaveLength(2);
  });

  it('says that the end is missing and keeps what came before', () => {
    const result = cniConfigParser.parse(
      wholeFile(textFileOf('cni/cni.conf', WIN_BRIDGE.slice(0, 900))),
    );
    const [conf] = factItems(result.facts, 'cni-configs');
    expect(conf?.problems.some(({ message }) => message.includes('ends before'))).toBe(true);
    expect(conf?.plugins[0]?.delegateType?.value).toBe('win-bridge');
    expect(result.notes.some(({ kind }) => kind === 'truncated')).toBe(true);
  });

  it('reports a byte order mark and text behind the end', () => {
    const bytes = new TextEncoder().encode(`${WIN_BRIDGE}}\n`);
    const file = textFile('cni/cni.conf', bytes, { encoding: 'utf-8-bom' });
    const [conf] = factItems(cniConfigParser.parse(wholeFile(file)).facts, 'cni-configs');
    expect(conf?.problems.map(({ evidence }) => evidence.line)).toEqual([1, 37]);
  });

  it('keeps a file that is no JSON as a configuration with a problem', () => {
    const conf = config(WIN_BRIDGE.replace('{\n', '\n'));
    expect(conf.plugins).toEqual([]);
    expect(conf.problems[0]).toMatchObject({ column: 5, evidence: { line: 2 } });
  });

  it('leaves HNS JSON and the Linux configuration alone', () => {
    for (const text of ['{ "ID": "1", "Type": "L2Bridge", "Name": "x" }', LINUX]) {
      expect(cniConfigParser.parse(wholeFile(textFileOf('x.json', text))).claimed).toEqual([]);
    }
  });
});

describe('configurations beside it', () => {
  it('reads net-conf.json', () => {
    const [conf] = factItems(
      flannelNetConfParser.parse(wholeFile(textFileOf('net-conf.json', NET_CONF))).facts,
      'flannel-net-conf',
    );
    expect(conf).toMatchObject({
      network: { value: '10.244.0.0/16' },
      backendType: { value: 'vxlan', evidence: { line: 5 } },
      backendName: { value: 'vxlan0' },
      vni: { value: 4096 },
      port: { value: 4789 },
    });
  });

  it('reads the configuration of the Linux nodes', () => {
    const [conf] = factItems(
      linuxCniConfParser.parse(wholeFile(textFileOf('cni-conf.json', LINUX))).facts,
      'linux-cni-conf',
    );
    expect(conf?.name?.value).toBe('cbr0');
    expect(conf?.types.map(({ value }) => value)).toEqual(['flannel', 'portmap']);
  });

  it('reads the source VIP in both forms of the CNI result, and none from the request', () => {
    const old =
      '{\n "cniVersion": "0.2.0",\n "ip4": {\n  "ip": "10.244.3.130/24",\n  "gateway": "10.244.3.1"\n },\n "dns": {}\n}\n';
    const later =
      '{"cniVersion":"0.3.1","ips":[{"version":"4","address":"10.244.3.131/24"}],"dns":{}}';
    const request =
      '{"cniVersion":"0.2.0","name":"vxlan0","ipam":{"type":"host-local","ranges":[[{"subnet":"10.244.3.0/24"}]]}}';
    const read = (path: string, text: string): unknown =>
      factItems(sourceVipParser.parse(wholeFile(textFileOf(path, text))).facts, 'source-vip')[0];
    expect(read('sourceVip.json', old)).toMatchObject({
      address: { value: '10.244.3.130', evidence: { line: 4 } },
      prefixLength: 24,
    });
    expect(read('pasted.txt', later)).toMatchObject({ address: { value: '10.244.3.131' } });
    expect(read('sourceVipRequest.json', request)).toMatchObject({ address: undefined });
  });

  it('reads subnet.env', () => {
    const text =
      'FLANNEL_NETWORK=10.244.0.0/16\nFLANNEL_SUBNET=10.244.3.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n';
    const [env] = factItems(
      subnetEnvParser.parse(wholeFile(textFileOf('subnet.env', text))).facts,
      'subnet-env',
    );
    expect(env).toMatchObject({
      subnet: { value: '10.244.3.1/24', evidence: { line: 2 } },
      mtu: { value: 1450 },
    });
  });
});

describe('any cut', () => {
  const cases: readonly (readonly [string, Parser, string])[] = [
    ['cni.conf', cniConfigParser, WIN_BRIDGE],
    ['cni.conf', cniConfigParser, SDN_OVERLAY],
    ['10-azure.conflist', cniConfigParser, AZURE],
    ['net-conf.json', flannelNetConfParser, NET_CONF],
    ['cni-conf.json', linuxCniConfParser, LINUX],
  ];
  it.each(cases)('%s: what is claimed was read or is noted', (path, parser, text) => {
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(text.length), (a, b) => {
        const part = text.slice(Math.min(a, b), Math.max(a, b));
        const result = parser.parse(wholeFile(textFileOf(path, part)));
        const missing = unaccounted(part, result);
        // All or nothing: JSON is either read to its end, or left to others as a whole.
        if (result.claimed.length > 0 && a === 0) expect(missing).toEqual([]);
        if (result.facts.length === 0 && result.notes.length === 0)
          expect(result.claimed).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
