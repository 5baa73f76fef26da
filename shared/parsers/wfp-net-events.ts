import type { FilteringDrop } from '../model/filtering';
import { canonicalIp } from '../model/ip';
import { linesOf, type Parser, type ParseResult, type Region } from './parser';
import { promptAt } from './powershell/prompt';

/** Drops that are told apart; a blocked program repeats the same few. */
const MOST_DROPS = 5000;

const ROOT = /<netEvents\b/i;
const TAG = /<(\/?)([A-Za-z][\w.]*)(?:\s[^>]*?)?(\/?)>([^<]*)/g;
/** Drops by a filter at a layer with addresses; those of MAC layers have none. */
const DROP = /_CLASSIFY_DROP$/;

/** The fields of an event that are read; of each the first mention counts. */
const FIELDS: ReadonlySet<string> = new Set([
  'timeStamp',
  'ipProtocol',
  'localAddrV4',
  'remoteAddrV4',
  'localAddrV6.byteArray16',
  'remoteAddrV6.byteArray16',
  'localPort',
  'remotePort',
  'asString',
  'type',
  'filterId',
  'msFwpDirection',
  'isLoopback',
]);

type Drop = { -readonly [K in keyof FilteringDrop]: FilteringDrop[K] };

/** Reads events one after the other: each begins with its header. */
class EventReader {
  events = 0;
  dropped = 0;
  untold = 0;
  readonly drops = new Map<string, Drop>();
  #fields: Map<string, string> | undefined;
  #first = 0;
  #last = 0;

  constructor(private readonly file: string) {}

  line(n: number, text: string): void {
    for (const [, closing, name = '', , value = ''] of text.matchAll(TAG)) {
      if (closing === '/') {
        if (name === 'netEvents') this.end();
        continue;
      }
      if (name === 'header') {
        this.end();
        this.#fields = new Map();
        this.#first = n;
        this.events += 1;
      }
      // The next event opens as an item before its header.
      if (name !== 'item') this.#last = n;
      const content = value.trim();
      if (content !== '' && FIELDS.has(name) && this.#fields?.has(name) === false)
        this.#fields.set(name, content);
    }
  }

  /** The event is over: it counts when it says that it is a drop. */
  end(): void {
    const fields = this.#fields;
    this.#fields = undefined;
    if (fields === undefined || !DROP.test(fields.get('type') ?? '')) return;
    this.dropped += 1;
    const about = dropOf(fields);
    const key = keyOf(about);
    const known = this.drops.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.drops.size >= MOST_DROPS) this.untold += 1;
    else
      this.drops.set(key, {
        ...about,
        count: 1,
        evidence: [{ file: this.file, line: this.#first, endLine: this.#last }],
      });
  }
}

/** What makes two events the same drop; the port of whoever began differs from try to try. */
function keyOf(drop: Omit<Drop, 'count' | 'evidence'>): string {
  const { direction, protocol, local, localPort, remote, remotePort, filterId, loopback } = drop;
  const ports = direction === 'in' ? [localPort] : direction === 'out' ? [remotePort] : [];
  return [direction, protocol, local, remote, ...ports, filterId, loopback]
    .map((each) => String(each ?? ''))
    .join('|');
}

function dropOf(fields: ReadonlyMap<string, string>): Omit<Drop, 'count' | 'evidence'> {
  const ip = (side: 'local' | 'remote'): string | undefined =>
    canonicalIp(fields.get(`${side}AddrV4`) ?? fields.get(`${side}AddrV6.byteArray16`) ?? '');
  const number = (name: string, most: number): number | undefined => {
    const text = fields.get(name) ?? '';
    return /^\d{1,5}$/.test(text) && Number(text) <= most ? Number(text) : undefined;
  };
  const direction = /_(IN|OUT|FORWARD)$/.exec(fields.get('msFwpDirection') ?? '')?.[1];
  const filterId = fields.get('filterId') ?? '';
  const time = Date.parse(fields.get('timeStamp') ?? '');
  return {
    direction: direction?.toLowerCase() as FilteringDrop['direction'],
    protocol: number('ipProtocol', 255),
    local: ip('local'),
    localPort: number('localPort', 65535),
    remote: ip('remote'),
    remotePort: number('remotePort', 65535),
    filterId: /^\d{1,20}$/.test(filterId) ? filterId : undefined,
    loopback: fields.get('isLoopback') === 'true',
    program: programOf(fields.get('asString') ?? ''),
    firstTime: Number.isNaN(time) ? undefined : time,
  };
}

/** A path of UTF-16 of which every second byte is printed as a dot: `\.d.e.v.i.c.e.\.…e.x.e...`. */
function programOf(text: string): string | undefined {
  const dotted = /^(?:[^.]\.){4}/.test(text);
  const path = dotted ? [...text].filter((_, n) => n % 2 === 0).join('') : text;
  const name = path.split('\\').at(-1)?.replace(/\.+$/, '').trim();
  return name === undefined || name === '' ? undefined : name.slice(0, 200);
}

function parse(region: Region): ParseResult {
  const { file, line } = region;
  const reader = new EventReader(file.path);
  let begun = 0;
  let last = line;
  let whole = false;
  for (const { n, text } of linesOf(region)) {
    if (begun > 0 && promptAt(text)) break;
    if (begun === 0 && ROOT.test(text)) begun = n;
    last = n;
    if (begun > 0) reader.line(n, text);
    whole ||= /<\/netEvents>|<netEvents[^>]*\/>/i.test(text);
  }
  // An event that is cut says nothing: its type may stand in what is lost.
  if (whole) reader.end();
  const claimed = [{ line, endLine: last }];
  if (begun === 0) return { facts: [], claimed: [], notes: [] };
  return {
    facts: [{ kind: 'filtering-drops', items: [...reader.drops.values()] }],
    claimed,
    notes: [
      {
        line: begun,
        endLine: last,
        kind: 'info',
        message: `${reader.events} events, of which ${reader.dropped} are packets dropped by a filter; the others are not interpreted`,
      },
      ...(reader.untold > 0
        ? [
            {
              line: begun,
              endLine: begun,
              kind: 'skipped' as const,
              message: `${reader.untold} drops of further kinds are counted and not kept`,
            },
          ]
        : []),
      ...(whole
        ? []
        : [
            {
              line: last,
              endLine: last,
              kind: 'truncated' as const,
              message: 'The events end before the list is closed',
            },
          ]),
    ],
  };
}

/**
 * `netsh wfp show netevents`: what the Windows Filtering Platform recorded of late, as XML
 * (FWPM_NET_EVENT of fwpmtypes.h; examples in Microsoft's "Troubleshooting UWP App Connectivity
 * Issues in Windows Firewall"). Drops by a filter are read, and of equal ones the first.
 */
export const wfpNetEventsParser: Parser = {
  kind: 'wfp-events',
  title: 'What the Windows Filtering Platform dropped of late',
  command: 'netsh wfp show netevents',
  recognise(region, head) {
    if (head.some((text) => ROOT.test(text))) return 85;
    return /netevents\.xml$/i.test(region.file.path) ? 38 : 0;
  },
  parse,
};
