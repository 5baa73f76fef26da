import { describe, expect, it } from 'vitest';
import { parseFile } from './parse-file';
import { getNetRouteParser } from './get-netroute';
import { routePrintParser } from './route-print';
import { textFileOf } from '../text/text-file';
import { factsOf, parseText, scoreOf, survivesEveryCut, unaccounted } from './testing/accounting';

const BAR = '='.repeat(75);
const PRINT = `${BAR}
Interface List
 24...00 15 5d aa bf 3d ......Hyper-V Virtual Ethernet Adapter #2
  1...........................Software Loopback Interface 1
${BAR}

IPv4 Route Table
${BAR}
Active Routes:
Network Destination        Netmask          Gateway       Interface  Metric
          0.0.0.0          0.0.0.0     10.127.130.1    10.127.130.38    271
      10.244.19.0    255.255.255.0         On-link       10.244.19.2    271
${BAR}
Persistent Routes:
  Network Address          Netmask  Gateway Address  Metric
          0.0.0.0          0.0.0.0     10.127.130.1  Default 
${BAR}

IPv6 Route Table
${BAR}
Active Routes:
 If Metric Network Destination      Gateway
  1    331 ::1/128                  On-link
 24    271 fe80::d1b3:9e5:f5a3:9e5c/128
                                    On-link
 24    271 ::/0                     fe80::1
${BAR}
Persistent Routes:
  None
`;

/** Get-NetRoute with its metric column squeezed: header letters stand below each other. */
const NET_ROUTE = `PS C:\\Users\\Administrator> Get-NetRoute

ifIndex DestinationPrefix                              NextHop                                  RouteMetric if
                                                                                                            Me
                                                                                                            tr
                                                                                                            ic
------- -----------------                              -------                                  ----------- --
45      10.244.19.0/24                                 0.0.0.0                                          256 15
24      10.244.18.0/24                                 10.127.130.35                                    256 15
24      0.0.0.0/0                                      10.127.130.1                                     256 15
24      fe80::/64                                      ::                                               256 15
`;

describe('route print', () => {
  it('reads active and persistent routes of both families', () => {
    const result = parseText(routePrintParser, PRINT);
    const routes = factsOf(result.facts, 'routes')[0]?.items ?? [];
    expect(routes.map((r) => [r.destination, r.nextHop, r.metricSum, r.persistent])).toEqual([
      ['0.0.0.0/0', '10.127.130.1', 271, false],
      ['10.244.19.0/24', 'on-link', 271, false],
      ['0.0.0.0/0', '10.127.130.1', undefined, true],
      ['::1/128', 'on-link', 331, false],
      ['fe80::d1b3:9e5:f5a3:9e5c/128', 'on-link', 271, false],
      ['::/0', 'fe80::1', 271, false],
    ]);
    expect(routes[0]).toMatchObject({
      interfaceAddress: '10.127.130.38',
      evidence: [{ line: 11 }],
    });
    expect(routes[4]?.evidence).toMatchObject([{ line: 24, endLine: 25 }]);
    expect(unaccounted(PRINT, result)).toEqual([]);
  });

  it('lists the interfaces with index, MAC and driver name', () => {
    const items = factsOf(parseText(routePrintParser, PRINT).facts, 'ip-interfaces')[0]?.items;
    expect(items).toMatchObject([
      { ifIndex: 24, mac: '00-15-5d-aa-bf-3d', description: 'Hyper-V Virtual Ethernet Adapter #2' },
      { ifIndex: 1, description: 'Software Loopback Interface 1' },
    ]);
  });

  it('reads translated headings and on-link words', () => {
    const german = PRINT.replace('Interface List', 'Schnittstellenliste')
      .replaceAll('Active Routes:', 'Aktive Routen:')
      .replaceAll('Persistent Routes:', 'Ständige Routen:')
      .replaceAll('On-link', 'Auf Verbindung')
      .replaceAll('IPv4 Route Table', 'IPv4-Routentabelle')
      .replaceAll('  None', '  Keine');
    const routes = factsOf(parseText(routePrintParser, german).facts, 'routes')[0]?.items ?? [];
    expect(routes.map((r) => [r.destination, r.nextHop, r.persistent])).toEqual(
      factsOf(parseText(routePrintParser, PRINT).facts, 'routes')[0]?.items.map((r) => [
        r.destination,
        r.nextHop,
        r.persistent,
      ]),
    );
  });

  it('reads a metric of two words, as French Windows writes the default', () => {
    const french = PRINT.replace(/Default *$/m, 'Par défaut')
      .replaceAll('Active Routes:', 'Itinéraires actifs :')
      .replaceAll('Persistent Routes:', 'Itinéraires persistants :');
    const result = parseText(routePrintParser, french);
    expect(factsOf(result.facts, 'routes')[0]?.items).toHaveLength(
      factsOf(parseText(routePrintParser, PRINT).facts, 'routes')[0]?.items.length ?? 0,
    );
    expect(result.notes).toEqual([]);
    expect(unaccounted(french, result)).toEqual([]);
  });

  it('says so of a row that is not whole', () => {
    const text = `IPv4 Route Table\n${BAR}\nActive Routes:\n          0.0.0.0          0.0.0.0     10.12`;
    const result = parseText(routePrintParser, text);
    expect(result.notes).toMatchObject([
      { kind: 'skipped', line: 4 },
      { kind: 'truncated', line: 4 },
    ]);
  });

  it('survives every cut', () => survivesEveryCut(routePrintParser, PRINT));
});

describe('Get-NetRoute', () => {
  it('reads rows below a vertically wrapped header', () => {
    const result = parseText(getNetRouteParser, NET_ROUTE);
    expect(factsOf(result.facts, 'routes')[0]?.items).toMatchObject([
      {
        destination: '10.244.19.0/24',
        nextHop: 'on-link',
        ifIndex: 45,
        routeMetric: 256,
        interfaceMetric: 15,
      },
      { destination: '10.244.18.0/24', nextHop: '10.127.130.35', evidence: [{ line: 9 }] },
      { destination: '0.0.0.0/0', nextHop: '10.127.130.1' },
      { destination: 'fe80::/64', nextHop: 'on-link' },
    ]);
    expect(unaccounted(NET_ROUTE, result)).toEqual([]);
  });

  it('reads the list form and tells persistent routes', () => {
    const text =
      'InterfaceIndex    : 24\nDestinationPrefix : 10.244.17.0/24\nNextHop           : 10.127.130.36\nRouteMetric       : 0\nPolicyStore       : PersistentStore\n';
    expect(factsOf(parseText(getNetRouteParser, text).facts, 'routes')[0]?.items).toMatchObject([
      { destination: '10.244.17.0/24', ifIndex: 24, routeMetric: 0, persistent: true },
    ]);
  });

  it('notes a route whose prefix was cut', () => {
    const result = parseText(
      getNetRouteParser,
      NET_ROUTE.replace('10.244.18.0/24 ', '10.244.18.0/.. '),
    );
    expect(result.notes).toMatchObject([{ kind: 'skipped', line: 9 }]);
  });

  it('shares a file with route print', () => {
    const file = parseFile(
      textFileOf('routes.txt', `${PRINT}\n${NET_ROUTE.split('\n').slice(2).join('\n')}`),
    );
    expect(file.kinds).toEqual(['route-print', 'get-netroute']);
    expect(file.unread).toEqual([]);
    expect(scoreOf(routePrintParser, 'nothing of the kind')).toBe(0);
  });

  it('survives every cut', () => survivesEveryCut(getNetRouteParser, NET_ROUTE));
});
