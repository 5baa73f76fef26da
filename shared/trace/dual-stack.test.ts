import { describe, expect, it } from 'vitest';
import { caseOf } from '../synthetic/case-of';
import { planNode } from '../synthetic/node-plan';
import { bundleOf, edit, type BundleTexts } from '../synthetic/synthetic-node';
import { endsOf, namesOf, rule, rulesOf, textAt, traceOf, wayOf, withPorts } from './testing/nodes';

/** The flows of the article by IPv6, on a node whose pods have both families. */
const plan = planNode({ mode: 'l2bridge', schema: 2, dualStack: true });
const bundle = bundleOf(plan);
const opened = caseOf(bundle);
const WEB = 'fd00:10:102:220::146';
const PEER_POD = 'fd00:10:244:18::49';
const from = 'win-client';
const pod6 =
  opened.nodes[0]?.snapshots[0]?.endpoints
    .find(({ ipAddresses }) => ipAddresses[0] === plan.pods[0]?.ip)
    ?.ipAddresses.find((ip) => ip.includes(':')) ?? '';

/** The table without the rows that match. */
const withoutRoutes = (row: RegExp): BundleTexts =>
  edit(bundle, 'routes.txt', (text) => text.replace(row, ''));

describe('a name in both families', () => {
  it('stands for its address in the family of the other end', () => {
    expect(traceOf({ from, to: `[${WEB}]:80` }, opened).header?.sourceIp).toContain(':');
    expect(traceOf({ from, to: '10.102.220.146:80' }, opened).header?.sourceIp).not.toContain(':');
    expect(traceOf({ from: pod6, to: 'win-webserver' }, opened).header?.destinationIp).toBe(WEB);
    expect(traceOf({ from: plan.node.name, to: `[${pod6}]:80` }, opened).header?.sourceIp).toBe(
      'fd00:10:127:130::38',
    );
    // Both have both: IPv4, as the first addresses are.
    expect(traceOf({ from, to: 'win-webserver' }, opened).header?.sourceIp).not.toContain(':');
  });
});

describe('by IPv6', () => {
  it('pod to pod on the same node', () => {
    const trace = traceOf({ from, to: `[${pod6}]:80` }, opened);
    expect(endsOf(trace)).toEqual(['delivered']);
    expect(trace.branches[0]?.reply?.status).toBe('symmetric');
    // Groups of the other family are no part of it.
    for (const { group } of rulesOf(wayOf(trace))) expect(group).not.toMatch(/IPv4/i);
  });

  it('pod to a pod of another node: by the route of its prefix', () => {
    const trace = traceOf({ from, to: `[${PEER_POD}]:80` }, opened);
    expect(endsOf(trace)).toEqual(['delivered']);
    const route = wayOf(trace).find(
      ({ kind, place }) => kind === 'route' && place.column === 'host',
    );
    expect(route?.text).toBe('route fd00:10:244:18::/64 leads to fd00:10:127:130::35');
    const [where] = route?.evidence ?? [];
    expect(where && textAt(opened, where)).toContain('fd00:10:244:18::/64');
  });

  it('where no file shows the gateway of the pod, that it is assumed is said', () => {
    const before = traceOf({ from, to: `[${PEER_POD}]:80` }, opened);
    expect(before.assumptions.map(({ id }) => id)).not.toContain('pod-gateway');
    const without = caseOf(withoutRoutes(/^\d+ +(?:::\/0|fd00:10:244:19:\S+) .*\n/gm));
    const trace = traceOf({ from, to: `[${PEER_POD}]:80` }, without);
    expect(endsOf(trace)).toEqual(['delivered']);
    expect(trace.assumptions.map(({ id }) => id)).toContain('pod-gateway');
  });

  it('pod to a service: a way for each backend of the family', () => {
    const trace = traceOf({ from, to: `[${WEB}]:80` }, opened);
    expect(trace.delivered).toBe(true);
    expect(trace.branches).toHaveLength(4);
    for (const { end } of trace.branches) expect(end?.destinationIp).toMatch(/^fd00:10:244:/);
  });

  it('pod to the cluster DNS, and to a NodePort', () => {
    expect(traceOf({ from, to: '[fd00:10:96::10]:53', protocol: 'udp' }, opened).delivered).toBe(
      true,
    );
    const nodePort = traceOf({ from, to: '[fd00:10:127:130::38]:31486' }, opened);
    expect(nodePort.branches).toHaveLength(4);
    expect(nodePort.delivered).toBe(true);
  });

  it('an echo request is ICMPv6', () => {
    expect(traceOf({ from, to: pod6 }, opened).header?.protocol).toBe(58);
  });

  it('pod to the internet: a table without the own address was not collected whole', () => {
    const without = caseOf(withoutRoutes(/^24 +(?:::\/0|fd00:10:127:130:\S+) .*\n/gm));
    const [end] = traceOf({ from, to: '[2001:4860:4860::8888]:443' }, without).branches;
    expect(end?.disposition.kind).toBe('insufficient-information');
    expect(end?.disposition.missing[0]?.command).toContain('Get-NetRoute');
  });

  it('pod to the internet: untranslated, no answer finds a unique local address', () => {
    const trace = traceOf({ from, to: '[2001:4860:4860::8888]:443' }, opened);
    expect(endsOf(trace)).toEqual(['no-route']);
    expect(trace.branches[0]?.disposition.text).toContain('to which nothing outside');
    expect(trace.assumptions.map(({ id }) => id)).toContain('fabric-unrouted');
  });

  it("outbound NAT makes the node's IPv6 address the source, never the IPv4 one", () => {
    const { opened: translated } = withPorts(
      (port) => ({
        ...port,
        layers: port.layers.map((layer) =>
          layer.name === 'SLB_NAT_LAYER'
            ? {
                ...layer,
                groups: [
                  ...layer.groups,
                  {
                    name: 'SLB_GROUP_NAT_IPv6_OUT',
                    type: 'IPv6',
                    priority: 300,
                    direction: 'OUT' as const,
                    rules: [rule('SNAT6', 'dynnat', { conditions: [['Protocols', '6']] })],
                  },
                ],
              }
            : layer,
        ),
      }),
      { dualStack: true },
    );
    const trace = traceOf({ from, to: '[2001:4860:4860::8888]:443' }, translated);
    const nat = rulesOf(wayOf(trace)).find(({ rule: { type } }) => type === 'dynnat');
    expect(nat?.after.sourceIp).toBe('fd00:10:127:130::38');
  });

  it('a rule that encapsulates IPv6 puts the packet into a tunnel of IPv4', () => {
    const { opened: tunnelled } = withPorts(
      (port, { pods }) =>
        port.name === pods[2]?.portGuid
          ? {
              ...port,
              layers: [
                ...port.layers,
                {
                  name: 'VNET_ENCAP_LAYER',
                  priority: 1800,
                  groups: [
                    {
                      name: 'VNET_GROUP_ENCAP_IPV6_OUT',
                      type: 'IPv6',
                      priority: 100,
                      direction: 'OUT' as const,
                      rules: [
                        rule('ENCAP6', 'routeencap', {
                          conditions: [
                            [
                              'Destination IP',
                              'fd00:10:244:18::-fd00:10:244:18:ffff:ffff:ffff:ffff',
                            ],
                          ],
                          data: [
                            'Encap Source IP : 10.127.130.38',
                            'Encap Destination(s):',
                            '    { IP address=10.127.130.35, MAC address=00-15-5D-00-00-09, GRE key=4096 }',
                          ],
                        }),
                      ],
                    },
                  ],
                },
              ],
            }
          : port,
      { dualStack: true },
    );
    const trace = traceOf({ from, to: `[${PEER_POD}]:80` }, tunnelled);
    expect(trace.branches[0]?.end?.encap).toEqual([
      { kind: 'vxlan', sourceIp: '10.127.130.38', destinationIp: '10.127.130.35', vni: 4096 },
    ]);
    expect(endsOf(trace)).toEqual(['encapsulated-to-peer']);
  });
});

describe('broken by IPv6, well by IPv4', () => {
  it('a prefix of a peer that only the default route takes', () => {
    const node = caseOf(withoutRoutes(/^24 +fd00:10:244:18::.*\n/m));
    const trace = traceOf({ from, to: `[${PEER_POD}]:80` }, node);
    expect(endsOf(trace)).toEqual(['no-route']);
    expect(trace.branches[0]?.disposition.text).toContain('fd00:10:244:18::/64');
    expect(endsOf(traceOf({ from, to: '10.244.18.49:80' }, node))).toEqual(['delivered']);
  });

  it('a service whose rules of IPv6 the port lacks', () => {
    const node = caseOf(
      edit(bundle, 'vfpOutput.txt', (text) => text.replaceAll(WEB, 'fd00:10:102:220::999')),
    );
    const trace = traceOf({ from, to: `[${WEB}]:80` }, node);
    expect(endsOf(trace)).toEqual(['no-endpoint']);
    expect(trace.branches[0]?.disposition.text).toContain('this port has no rule of it');
    expect(traceOf({ from, to: '10.102.220.146:80' }, node).delivered).toBe(true);
  });

  it('a filter for IPv4 blocks no IPv6', () => {
    const { opened: blocked } = withPorts(
      (port) => ({
        ...port,
        layers: port.layers.map((layer) => ({
          ...layer,
          groups: layer.groups.map((group) =>
            /^ACL_ENDPOINT_GROUP_IPv4_OUT/i.test(group.name)
              ? { ...group, rules: group.rules.map((each) => ({ ...each, type: 'block' })) }
              : group,
          ),
        })),
      }),
      { dualStack: true },
    );
    expect(endsOf(traceOf({ from, to: `[${pod6}]:80` }, blocked))).toEqual(['delivered']);
    const four = traceOf({ from, to: `${plan.pods[0]?.ip ?? ''}:80` }, blocked);
    expect(endsOf(four)).toEqual(['dropped-by-rule']);
    expect(namesOf(wayOf(four))).toHaveLength(1);
  });
});
