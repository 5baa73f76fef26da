import { describe, expect, it } from 'vitest';
import { getNetIpAddressParser } from './get-netipaddress';
import { getNetIpInterfaceParser } from './get-netipinterface';
import { netshInterfaceParametersParser } from './netsh-interface-parameters';
import { netshInterfacesParser } from './netsh-interfaces';
import { factsOf, parseText, scoreOf, survivesEveryCut, unaccounted } from './testing/accounting';

const ADDRESSES = `
IPAddress         : fe80::1c2%45
InterfaceIndex    : 45
InterfaceAlias    : vEthernet (cbr0_ep)
AddressFamily     : IPv6
PrefixLength      : 64
AddressState      : Preferred

IPAddress         : 10.244.19.2
InterfaceIndex    : 45
InterfaceAlias    : vEthernet (cbr0_ep)
AddressFamily     : IPv4
PrefixLength      : 24
AddressState      : Preferred
`;

const INTERFACES = `
ifIndex InterfaceAlias                  AddressFamily NlMtu(Bytes) InterfaceMetric Dhcp     ConnectionState PolicyStore
------- --------------                  ------------- ------------ --------------- ----     --------------- -----------
45      vEthernet (cbr0_ep)             IPv6                  1450              20 Disabled Connected       ActiveStore
45      vEthernet (cbr0_ep)             IPv4                  1500              15 Disabled Connected       ActiveStore
`;

const MTU = `
Idx     Met         MTU          State                Name
---  ----------  ----------  ------------  ---------------------------
  1          75  4294967295  connected     Loopback Pseudo-Interface 1
 24          15        1500  connected     vEthernet (Ethernet 2)
`;

const PARAMETERS = `
Interface vEthernet (cbr0_ep) Parameters
----------------------------------------------
IfLuid                             : ethernet_32813
IfIndex                            : 45
State                              : connected
Metric                             : 15
Link MTU                           : 1500 bytes
Forwarding                         : enabled
Weak Host Sends                    : disabled
`;

const interfaces = (facts: Parameters<typeof factsOf>[0]) =>
  factsOf(facts, 'ip-interfaces')[0]?.items;

describe('interfaces of the node', () => {
  it('joins all addresses of one interface', () => {
    const result = parseText(getNetIpAddressParser, ADDRESSES);
    expect(interfaces(result.facts)).toMatchObject([
      { ifIndex: 45, alias: 'vEthernet (cbr0_ep)', addresses: ['fe80::1c2', '10.244.19.2'] },
    ]);
    expect(unaccounted(ADDRESSES, result)).toEqual([]);
  });

  it('takes the IPv4 values where both families are listed', () => {
    const result = parseText(getNetIpInterfaceParser, INTERFACES);
    expect(interfaces(result.facts)).toMatchObject([
      { ifIndex: 45, mtu: 1500, metric: 15, state: 'Connected' },
    ]);
    expect(unaccounted(INTERFACES, result)).toEqual([]);
  });

  it('reads netsh rows, the unlimited MTU of the loopback included', () => {
    const result = parseText(netshInterfacesParser, MTU);
    expect(interfaces(result.facts)).toMatchObject([
      { ifIndex: 1, mtu: 4294967295 },
      {
        ifIndex: 24,
        mtu: 1500,
        metric: 15,
        alias: 'vEthernet (Ethernet 2)',
        state: 'connected',
        evidence: [{ line: 5 }],
      },
    ]);
    expect(unaccounted(MTU, result)).toEqual([]);
  });

  it('reads the forwarding state, with its own line as evidence', () => {
    const result = parseText(netshInterfaceParametersParser, PARAMETERS, 'adapters/x_int.txt');
    expect(interfaces(result.facts)).toMatchObject([
      {
        ifIndex: 45,
        alias: 'vEthernet (cbr0_ep)',
        forwarding: true,
        mtu: 1500,
        evidence: [{ line: 9 }, { line: 4 }],
      },
    ]);
    expect(unaccounted(PARAMETERS, result)).toEqual([]);
  });

  it('names the adapter by the file where the heading is lost', () => {
    const text = PARAMETERS.split('\n').slice(3).join('\n');
    expect(
      interfaces(
        parseText(netshInterfaceParametersParser, text, 'adapters/vEthernet (x)_int.txt').facts,
      ),
    ).toMatchObject([{ alias: 'vEthernet (x)' }]);
  });

  it('is told apart by content', () => {
    const parsers = [
      getNetIpAddressParser,
      getNetIpInterfaceParser,
      netshInterfacesParser,
      netshInterfaceParametersParser,
    ];
    const texts = [ADDRESSES, INTERFACES, MTU, PARAMETERS];
    texts.forEach((text, i) => {
      parsers.forEach((parser, j) => {
        if (i === j) expect(scoreOf(parser, text)).toBeGreaterThan(50);
        else expect(scoreOf(parser, text)).toBe(0);
      });
    });
  });

  it('survives every cut', () => {
    survivesEveryCut(getNetIpAddressParser, ADDRESSES);
    survivesEveryCut(getNetIpInterfaceParser, INTERFACES);
    survivesEveryCut(netshInterfacesParser, MTU);
    survivesEveryCut(netshInterfaceParametersParser, PARAMETERS);
  });
});
