import { describe, expect, it } from 'vitest';
import { textFileOf } from '../text/text-file';
import { parseFile } from './parse-file';
import { factsOf, parseText, survivesEveryCut, unaccounted } from './testing/accounting';
import { wfpNetEventsParser } from './wfp-net-events';

/** One event as netsh prints it. */
const event = (about: {
  readonly type?: string;
  readonly direction?: string;
  readonly local: string;
  readonly remote: string;
  readonly localPort?: number;
  readonly remotePort?: number;
  readonly filter?: string;
  readonly loopback?: boolean;
}): string => {
  const v6 = about.local.includes(':');
  const address = (side: 'local' | 'remote'): string =>
    v6
      ? `<${side}AddrV6.byteArray16>${about[side]}</${side}AddrV6.byteArray16>`
      : `<${side}AddrV4>${about[side]}</${side}AddrV4>`;
  return `\t<item>
\t\t<header>
\t\t\t<timeStamp>2026-03-02T08:15:30.281Z</timeStamp>
\t\t\t<flags numItems="2">
\t\t\t\t<item>FWPM_NET_EVENT_FLAG_IP_PROTOCOL_SET</item>
\t\t\t\t<item>FWPM_NET_EVENT_FLAG_APP_ID_SET</item>
\t\t\t</flags>
\t\t\t<ipVersion>FWP_IP_VERSION_V${v6 ? 6 : 4}</ipVersion>
\t\t\t<ipProtocol>6</ipProtocol>
\t\t\t${address('local')}
\t\t\t${address('remote')}
\t\t\t<localPort>${about.localPort ?? 50100}</localPort>
\t\t\t<remotePort>${about.remotePort ?? 443}</remotePort>
\t\t\t<scopeId>0</scopeId>
\t\t\t<appId>
\t\t\t\t<data>5c00640065007600</data>
\t\t\t\t<asString>\\.d.e.v.i.c.e.\\.h.a.r.d.d.i.s.k.v.o.l.u.m.e.1.\\.a.p.p.\\.s.e.r.v.e.r...e.x.e...</asString>
\t\t\t</appId>
\t\t\t<userId>S-1-5-18</userId>
\t\t</header>
\t\t<type>${about.type ?? 'FWPM_NET_EVENT_TYPE_CLASSIFY_DROP'}</type>
\t\t<classifyDrop>
\t\t\t<filterId>${about.filter ?? '68893'}</filterId>
\t\t\t<layerId>48</layerId>
\t\t\t<msFwpDirection>MS_FWP_DIRECTION_${about.direction ?? 'OUT'}</msFwpDirection>
\t\t\t<isLoopback>${about.loopback === true}</isLoopback>
\t\t</classifyDrop>
\t\t<internalFields>
\t\t\t<terminatingFiltersInfo numItems="1">
\t\t\t\t<item>
\t\t\t\t\t<filterId>1</filterId>
\t\t\t\t\t<actionType>FWP_ACTION_BLOCK</actionType>
\t\t\t\t</item>
\t\t\t</terminatingFiltersInfo>
\t\t</internalFields>
\t</item>
`;
};
const file = (...events: readonly string[]): string =>
  `<?xml version="1.0"?>\n<netEvents numItems="${events.length}">\n${events.join('')}</netEvents>\n`;

const POD = { local: '10.244.19.29', remote: '203.0.113.80' };

const dropsOf = (text: string) =>
  factsOf(parseText(wfpNetEventsParser, text).facts, 'filtering-drops')[0]?.items;

describe('netsh wfp show netevents', () => {
  it('reads who was dropped by which filter, and counts what repeats', () => {
    const text = file(event(POD), event({ ...POD, localPort: 50101 }));
    expect(dropsOf(text)).toEqual([
      {
        direction: 'out',
        protocol: 6,
        ...POD,
        localPort: 50100,
        remotePort: 443,
        filterId: '68893',
        loopback: false,
        program: 'server.exe',
        count: 2,
        firstTime: Date.UTC(2026, 2, 2, 8, 15, 30, 281),
        evidence: [{ file: 'file.txt', line: 4, endLine: 34 }],
      },
    ]);
    expect(unaccounted(text, parseText(wfpNetEventsParser, text))).toEqual([]);
  });

  it('tells other destinations, ports of the service, filters and directions apart', () => {
    const text = file(
      event(POD),
      event({ ...POD, remote: '203.0.113.81' }),
      event({ ...POD, remotePort: 80 }),
      event({ ...POD, filter: '18446744073709551615' }),
      event({ ...POD, direction: 'IN', localPort: 80, remotePort: 50100 }),
      event({ local: 'fd00::1D', remote: '2001:DB8::1' }),
    );
    expect(dropsOf(text)).toHaveLength(6);
    expect(dropsOf(text)?.at(3)?.filterId).toBe('18446744073709551615');
    expect(dropsOf(text)?.at(5)).toMatchObject({ local: 'fd00::1d', remote: '2001:db8::1' });
  });

  it('leaves events that are no drop by a filter, and says how many there are', () => {
    const text = file(
      event({ ...POD, type: 'FWPM_NET_EVENT_TYPE_CLASSIFY_ALLOW' }),
      event({ ...POD, type: 'FWPM_NET_EVENT_TYPE_CLASSIFY_DROP_MAC' }),
      event({ ...POD, type: 'FWPM_NET_EVENT_TYPE_PUBLIC_CLASSIFY_DROP' }),
    );
    expect(dropsOf(text)).toHaveLength(1);
    expect(parseText(wfpNetEventsParser, text).notes).toMatchObject([
      { kind: 'info', message: expect.stringContaining('3 events, of which 1') as string },
    ]);
  });

  it('an empty list is a list; a list inside of a capture is one, too, all in one line', () => {
    expect(dropsOf('<netEvents/>\n')).toEqual([]);
    expect(dropsOf('<netEvents numItems="0">\n</netEvents>\n')).toEqual([]);
    const inner = file(event(POD)).split('\n').slice(1).join('');
    expect(dropsOf(`<wfpdiag>${inner}</wfpdiag>`)).toHaveLength(1);
  });

  it('of what is cut only whole events count', () => {
    const text = file(event(POD), event({ ...POD, remote: '203.0.113.81' }));
    const cut = text.slice(0, text.lastIndexOf('<classifyDrop>'));
    const { facts, notes } = parseText(wfpNetEventsParser, cut);
    expect(factsOf(facts, 'filtering-drops')[0]?.items).toHaveLength(1);
    expect(notes.at(-1)).toMatchObject({ kind: 'truncated' });
    survivesEveryCut(wfpNetEventsParser, text);
  });

  it('values that are no addresses, ports or numbers are not made up', () => {
    const odd = file(event({ local: '10.244.19.999', remote: 'x<y', localPort: 99_999 }));
    expect(dropsOf(odd)).toMatchObject([
      { local: undefined, remote: undefined, localPort: undefined },
    ]);
  });

  it('is known by its content and by its name', () => {
    for (const path of ['wfp/netevents.xml', 'pasted.txt'])
      expect(parseFile(textFileOf(path, file(event(POD)))).kinds).toEqual(['wfp-events']);
    const state = textFileOf('wfp/wfpstate.xml', '<wfpstate>\n</wfpstate>\n');
    expect(parseFile(state).kinds).toEqual(['wfp-state']);
  });

  it('keeps to a bound of different drops and says what it leaves', () => {
    const many = Array.from({ length: 5010 }, (_, n) =>
      event({ ...POD, remote: `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}` }),
    );
    const text = file(...many);
    expect(dropsOf(text)).toHaveLength(5000);
    expect(parseText(wfpNetEventsParser, text).notes[1]?.message).toMatch(/^10 drops/);
  });
});
