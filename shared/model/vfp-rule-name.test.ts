import { describe, expect, it } from 'vitest';
import { parseRuleName } from './vfp-rule-name';

describe('names of VFP rules', () => {
  it('reads load balancing names from the right, whatever stands at the left', () => {
    const lb = { vip: '10.102.220.146', externalPort: 80, internalPort: 8080, protocol: 6 };
    expect(parseRuleName('LB_72C28_10.127.130.38_10.102.220.146_80_8080_6')).toEqual({
      kind: 'load-balancing',
      form: 'plain',
      source: '10.127.130.38',
      ...lb,
    });
    expect(parseRuleName('LB_DSR_72C28_10.127.130.38_10.102.220.146_80_8080_6')).toMatchObject({
      form: 'dsr',
      ...lb,
    });
    expect(parseRuleName('LB_HOST_72C28_10.102.220.146_80_8080_6')).toMatchObject({
      form: 'host',
      source: undefined,
      ...lb,
    });
  });

  it('reads NAT, ALLOW_NAT and hairpin names with the port once or twice', () => {
    expect(parseRuleName('NAT_1A_10.96.0.10_53_17')).toEqual({
      kind: 'nat',
      allow: false,
      vip: '10.96.0.10',
      externalPort: 53,
      protocol: 17,
    });
    expect(parseRuleName('ALLOW_NAT_1A_fd00::10_53_17')).toMatchObject({
      allow: true,
      vip: 'fd00::10',
    });
    expect(parseRuleName('HairPin_1A_10.96.0.10_53_53_17')).toMatchObject({
      kind: 'hairpin',
      externalPort: 53,
    });
  });

  it('splits the two addresses of an exception only where one split is possible', () => {
    expect(parseRuleName('EXCEPTIONS_OUTBOUNDNAT_3FEC9_10.127.130.3810.127.130.0')).toEqual({
      kind: 'outbound-nat-exception',
      node: '10.127.130.38',
      destination: '10.127.130.0',
    });
    // .1 and 210.0.0.0, or .12 and 10.0.0.0?
    expect(parseRuleName('EXCEPTIONS_OUTBOUNDNAT_3FEC9_10.127.130.1210.0.0.0')).toEqual({
      kind: 'outbound-nat-exception',
      node: undefined,
      destination: undefined,
    });
  });

  it('reads the route of an overlay to another node', () => {
    expect(
      parseRuleName(
        'REMOTESUBNETROUTE_ENCAP_4A240_10.244.2.0_24_4096_10.127.130.38_00-15-5D-F9-D2-63',
      ),
    ).toEqual({
      kind: 'remote-subnet-route',
      prefix: '10.244.2.0/24',
      vni: 4096,
      providerAddress: '10.127.130.38',
      drMac: '00-15-5d-f9-d2-63',
    });
    expect(parseRuleName('ENCAP_10_244_3_1')).toEqual({ kind: 'encap', address: '10.244.3.1' });
  });

  it('knows outbound NAT in both spellings and the rewrite of a container', () => {
    expect(parseRuleName('SNAT_TCP_OUTBOUNDNAT_54194_10.180.160.134')).toEqual({
      kind: 'outbound-nat',
      protocol: 'TCP',
    });
    expect(parseRuleName('OUTBOUNDNAT_54194_10.180.160.134')).toEqual({
      kind: 'outbound-nat',
      protocol: undefined,
    });
    expect(parseRuleName('FC7CE89-4FF1-4A13-83FD-A7622C49039C_to_EN')).toMatchObject({
      kind: 'l2-rewrite',
    });
  });

  it.each([
    '',
    '_',
    'LB_',
    'LB_1_2_3',
    'NAT_x',
    'LB_1_10.0.0.1_99999999_1_6',
    'REMOTESUBNETROUTE_ENCAP',
    'ENCAP_1_2_3',
    'NAT_Allow',
  ])('leaves %j alone', (name) => expect(parseRuleName(name)).toEqual({ kind: 'other' }));
});
