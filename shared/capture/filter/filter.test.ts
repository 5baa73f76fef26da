import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CapturedFlow } from '../../model/capture';
import { completeFilter } from './complete-filter';
import { flowTest, type EndNames } from './match-filter';
import { parseFilter } from './parse-filter';
import { WORDS } from './vocabulary';

const flow: CapturedFlow = {
  index: 0,
  protocol: 'TCP',
  protocolNumber: 6,
  client: {
    address: '10.244.1.5',
    port: 50001,
    packets: 6,
    bytes: 900,
    tcpFlags: 18,
    retransmissions: 1,
    resets: 0,
  },
  server: {
    address: '10.96.0.20',
    port: 80,
    packets: 4,
    bytes: 500,
    tcpFlags: 18,
    retransmissions: 0,
    resets: 0,
  },
  tunnel: { kind: 'VXLAN', network: 4096, outerFrom: '192.0.2.11', outerTo: '192.0.2.12' },
  vlan: 0,
  firstTime: 1000,
  lastTime: 5000,
  synPackets: 1,
  synAckPackets: 1,
  sightings: 12,
  dropped: 0,
  fragments: 0,
  icmpErrors: 0,
  unansweredOpening: false,
  dnsQueries: 0,
  dnsUnanswered: 0,
  dnsErrors: 0,
  dnsNotFound: 0,
  dnsNames: ['web.default.svc.cluster.local'],
  firstPacket: 0,
};

const nobody: EndNames = { pods: [], services: [], nodes: [], others: [] };
const namesOf = (address: string): EndNames =>
  address === '10.244.1.5'
    ? { ...nobody, pods: ['web-7d9'] }
    : address === '10.96.0.20'
      ? { ...nobody, services: ['default/web'] }
      : nobody;

function passes(text: string, of = flow): boolean {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return flowTest(parsed.filter, namesOf)(of);
}

describe('filters pick flows', () => {
  it.each([
    '',
    'ip 10.244.1.5',
    '10.96.0.0/16',
    'client 10.244.1.0/24 and server 10.96.0.20',
    'ip 10.244.1.1-10.244.1.9',
    'outer 192.0.2.12',
    'tcp.port 80',
    'port 50000-50010',
    'server.port = 80',
    'pod web',
    'pod = web-7d9',
    'service web tcp',
    'name "default/web"',
    'dns.name ~ CLUSTER.local',
    'protocol = tcp',
    'vni 4096',
    'packets >= 10 and bytes > 1000 and seconds <= 4',
    'retransmitted and not reset',
    'udp or tunnelled',
    'not (udp or arp)',
    '!udp',
    'port != 443',
  ])('%s', (text) => expect(passes(text)).toBe(true));

  it.each([
    'ip 10.244.1.6',
    'server 10.244.1.5',
    'udp.port 80',
    'pod = web',
    'service dns',
    'vni 5000',
    'reset',
    'unanswered or dropped',
    'tcp and not tcp',
    'packets > 10',
    'port != 80',
    'ipv6',
  ])('%s picks it not', (text) => expect(passes(text)).toBe(false));

  it('refused: RST where a SYN, ACK should be', () => {
    const refused = { ...flow, server: { ...flow.server, tcpFlags: 20, resets: 1 } };
    expect(passes('refused', refused)).toBe(true);
    expect(passes('refused')).toBe(false);
  });
});

describe('what is no filter', () => {
  it.each([
    ['ip', 2, 2, 'What ip is asked for is missing.', []],
    ['ip and tcp', 3, 6, 'and is no address, prefix (10.244.0.0/16) or range.', []],
    ['tcp retransmited', 4, 16, 'retransmited is no word of a filter.', ['retransmitted']],
    ['port http', 5, 9, 'port takes a number, as in port 80.', []],
    ['(tcp', 0, 1, 'This bracket is not closed.', []],
    ['tcp)', 3, 4, 'This bracket closes nothing.', []],
    ['tcp and', 7, 7, 'A word must follow here.', []],
    ['pod "web', 4, 8, 'This quotation mark is not closed.', []],
    ['= 5', 0, 1, 'A word must stand here.', []],
  ])('%s', (text, from, to, message, suggestions) => {
    expect(parseFilter(text)).toEqual({
      ok: false,
      problem: { from, to, message, suggestions },
    });
  });

  it('any text is read or refused at a place within it', () => {
    const word = fc.oneof(
      fc.constantFrom(
        ...WORDS.map((w) => w.word),
        'and',
        'or',
        'not',
        '(',
        ')',
        '=',
        '>',
        '"',
        '~',
        '80',
        '10.0.0.1',
      ),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (parts) => {
        const text = parts.join(' ');
        const parsed = parseFilter(text);
        if (parsed.ok) flowTest(parsed.filter, namesOf)(flow);
        else {
          expect(parsed.problem.from).toBeGreaterThanOrEqual(0);
          expect(parsed.problem.to).toBeLessThanOrEqual(text.length);
          expect(parsed.problem.from).toBeLessThanOrEqual(parsed.problem.to);
        }
      }),
    );
  });

  it('double negation and de Morgan hold for any filters', () => {
    const term = fc.constantFrom(
      'tcp',
      'udp',
      'port 80',
      'pod web',
      'vni 1',
      'packets > 5',
      'reset',
    );
    fc.assert(
      fc.property(term, term, (a, b) => {
        expect(passes(`not not (${a})`)).toBe(passes(a));
        expect(passes(`not (${a} and ${b})`)).toBe(passes(`not ${a} or not ${b}`));
        expect(passes(`not (${a} or ${b})`)).toBe(passes(`not ${a} and not ${b}`));
        expect(passes(`${a} ${b}`)).toBe(passes(`${b} and ${a}`));
      }),
    );
  });
});

describe('completion', () => {
  const known = (word: string): { text: string; about: string }[] =>
    word === 'pod'
      ? [
          { text: 'web-7d9', about: '10.244.1.5' },
          { text: 'two words', about: '' },
        ]
      : [];
  const offered = (text: string, cursor = text.length): string[] =>
    completeFilter(text, cursor, known).items.map((item) => item.text);

  it('offers words where one begins, and and/or behind a term', () => {
    expect(offered('')).toContain('ip');
    expect(offered('unan')).toEqual(['unanswered']);
    expect(offered('tcp ').slice(0, 3)).toEqual(['and', 'or', 'not']);
    expect(offered('tcp and ')).not.toContain('and');
    expect(offered('tcp and retr')).toEqual(['retransmitted']);
  });

  it('offers values the node knows', () => {
    expect(offered('pod ')).toEqual(['web-7d9', '"two words"']);
    expect(offered('pod = we')).toEqual(['web-7d9']);
    expect(completeFilter('pod we and tcp', 6, known)).toMatchObject({ from: 4, to: 6 });
  });

  it('what it offers makes the text longer or other, and stays within it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.nat(20), (text, at) => {
        const cursor = Math.min(at, text.length);
        const { from, to, items } = completeFilter(text, cursor, known);
        expect(from).toBeLessThanOrEqual(to);
        expect(to).toBe(cursor);
        expect(items.length).toBeLessThanOrEqual(12);
      }),
    );
  });
});

it('the documentation lists every word', () => {
  const page = readFileSync('docs/capture-filter.md', 'utf8');
  for (const { word } of WORDS) expect(page).toContain(`| \`${word}\``);
});
