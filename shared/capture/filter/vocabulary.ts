/** What a word of the filter language takes after it. */
export type WordKind =
  /** Nothing: it is true or false of a flow. */
  | 'flag'
  /** An address, a prefix or a range. */
  | 'address'
  /** A number, or a range `80-90`; `>`, `<` and so on may stand before it. */
  | 'number'
  /** Text that the value holds; `=` asks for the whole. */
  | 'text';

export interface Word {
  readonly word: string;
  readonly kind: WordKind;
  readonly about: string;
  readonly example?: string;
}

/** All words, in the order in which completion offers them. `docs/capture-filter.md` lists the same. */
export const WORDS: readonly Word[] = [
  { word: 'ip', kind: 'address', about: 'either end has this address', example: 'ip 10.244.1.5' },
  {
    word: 'client',
    kind: 'address',
    about: 'the end that opened the flow',
    example: 'client 10.244.1.0/24',
  },
  {
    word: 'server',
    kind: 'address',
    about: 'the end that was asked',
    example: 'server 10.96.0.10',
  },
  {
    word: 'outer',
    kind: 'address',
    about: 'an outer address of its tunnel',
    example: 'outer 192.0.2.11',
  },
  { word: 'port', kind: 'number', about: 'either end has this port', example: 'port 80' },
  { word: 'tcp.port', kind: 'number', about: 'the same, of TCP only', example: 'tcp.port 443' },
  { word: 'udp.port', kind: 'number', about: 'the same, of UDP only', example: 'udp.port 53' },
  {
    word: 'server.port',
    kind: 'number',
    about: 'the port that was asked',
    example: 'server.port 8000-8999',
  },
  { word: 'pod', kind: 'text', about: 'an end is this pod', example: 'pod web-7d9' },
  { word: 'service', kind: 'text', about: 'an end is this service', example: 'service kube-dns' },
  { word: 'node', kind: 'text', about: 'an end is this node', example: 'node win-1' },
  {
    word: 'name',
    kind: 'text',
    about: 'an end has this name, whatever it is',
    example: 'name dns',
  },
  {
    word: 'dns.name',
    kind: 'text',
    about: 'a name it asked for',
    example: 'dns.name ~ cluster.local',
  },
  { word: 'protocol', kind: 'text', about: 'TCP, UDP, ICMP, ARP, …', example: 'protocol = ARP' },
  { word: 'vni', kind: 'number', about: 'inside a tunnel of this network', example: 'vni 4096' },
  { word: 'vlan', kind: 'number', about: 'tagged with this VLAN', example: 'vlan 100' },
  { word: 'packets', kind: 'number', about: 'packets of both ways', example: 'packets > 100' },
  { word: 'bytes', kind: 'number', about: 'bytes of both ways', example: 'bytes > 1000000' },
  { word: 'seconds', kind: 'number', about: 'from first to last packet', example: 'seconds > 30' },
  { word: 'tcp', kind: 'flag', about: 'TCP' },
  { word: 'udp', kind: 'flag', about: 'UDP' },
  { word: 'icmp', kind: 'flag', about: 'ICMP of either family' },
  { word: 'arp', kind: 'flag', about: 'ARP' },
  { word: 'dns', kind: 'flag', about: 'DNS queries were seen' },
  { word: 'ipv6', kind: 'flag', about: 'IPv6' },
  { word: 'unanswered', kind: 'flag', about: 'a request without an answer' },
  { word: 'retransmitted', kind: 'flag', about: 'data was sent again' },
  { word: 'reset', kind: 'flag', about: 'an end sent RST' },
  { word: 'refused', kind: 'flag', about: 'RST instead of an answer to SYN' },
  { word: 'dropped', kind: 'flag', about: 'the capture marks packets as dropped' },
  { word: 'dns.error', kind: 'flag', about: 'an answer with an error other than NXDOMAIN' },
  { word: 'dns.notfound', kind: 'flag', about: 'an answer NXDOMAIN' },
  { word: 'icmp.error', kind: 'flag', about: 'an ICMP error speaks of it' },
  { word: 'fragmented', kind: 'flag', about: 'fragments of larger packets' },
  { word: 'tunnelled', kind: 'flag', about: 'inside VXLAN, NVGRE, GRE or Geneve' },
];

const BY_WORD: ReadonlyMap<string, Word> = new Map(WORDS.map((word) => [word.word, word]));

/** The word of that name, in any case. */
export const wordOf = (text: string): Word | undefined => BY_WORD.get(text.toLowerCase());

export const CONNECTIVES = ['and', 'or', 'not'] as const;
