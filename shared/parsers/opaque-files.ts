import type { Facts } from '../model/facts';
import type { ParseResult, Parser, Region } from './parser';
import { promptAt } from './powershell/prompt';

interface OpaqueFormat {
  readonly kind: string;
  readonly title: string;
  readonly command: string;
  readonly name: RegExp;
  /** What its first lines look like, where that is known. */
  readonly content?: RegExp;
  /** Set for captures: the format's name. */
  readonly capture?: string;
}

/** Files of collectors and captures that are listed with their purpose and not interpreted. */
const FORMATS: readonly OpaqueFormat[] = [
  {
    kind: 'event-log',
    title: 'A Windows event log',
    command: 'wevtutil epl <log> <file>.evtx',
    name: /\.evtx$/i,
  },
  {
    kind: 'process-tuples',
    title: 'What VFP says of single packets; a trace is held against it',
    command: 'vfpctrl.exe /port <port> /process-tuples "<packet>"',
    name: /(^|\/)process-tuples\.txt$/i,
    content: /^Asked of port /,
  },
  {
    kind: 'pcapng',
    title: 'A packet capture',
    command: 'pktmon etl2pcap <file>.etl',
    name: /\.pcapng$/i,
    capture: 'pcapng',
  },
  {
    kind: 'pcap',
    title: 'A packet capture',
    command: 'tcpdump -w <file>.pcap',
    name: /\.(pcap|cap)$/i,
    capture: 'pcap',
  },
  {
    kind: 'etl',
    title: 'An event trace: a packet capture or an HNS trace',
    command: 'pktmon start --capture; netsh trace start',
    name: /\.etl$/i,
    capture: 'etl',
  },
  {
    kind: 'cab',
    title: 'An archive made beside a trace',
    command: 'netsh trace stop',
    name: /\.cab$/i,
  },
  {
    kind: 'wfp-state',
    title: 'State of the Windows Filtering Platform',
    command: 'netsh wfp show state',
    name: /wfpstate\.xml$/i,
    content: /^\s*<wfpstate/i,
  },
  {
    kind: 'wfp-filters',
    title: 'Filters of the Windows Filtering Platform',
    command: 'netsh wfp show filters',
    name: /(^|\/)filters\.xml$/i,
    content: /^\s*<(wfpdiag|filters)/i,
  },
  {
    kind: 'nvspinfo',
    title: 'Internal state of the virtual switch driver',
    command: 'nvspinfo -a -i -h -D -p -d -m -q',
    name: /nvspinfo\.txt$/i,
  },
  {
    kind: 'nmscrub',
    title: 'Traces of old network objects',
    command: 'nmscrub -a -n -t',
    name: /nmscrub\.txt$/i,
  },
  {
    kind: 'nmbind',
    title: 'Bindings of network adapters',
    command: 'nmbind',
    name: /nmbind\.txt$/i,
  },
  {
    kind: 'firewall',
    title: 'Rules of the Windows firewall',
    command: 'Get-NetFirewallRule -PolicyStore ActiveStore',
    name: /firewall\.txt$/i,
    content: /^\s*CreationClassName\s+:\s+MSFT\|FW\|/i,
  },
  {
    kind: 'netadapter',
    title: 'Network adapters with driver, state and link',
    command: 'Get-NetAdapter -IncludeHidden',
    name: /netadapter\.txt$/i,
    content: /^\s*(ifAlias\s+:\s|Name\s+InterfaceDescription\s+ifIndex\b)/i,
  },
  {
    kind: 'hns-port-pool',
    title: 'Port pools that HNS allocated',
    command: 'hnsdiag (hnsportpoolallocs.txt)',
    name: /hnsportpoolallocs\.txt$/i,
  },
  {
    kind: 'setup-log',
    title: 'A log of Windows setup or servicing',
    command: '.\\collectlogs.ps1 (logs folder)',
    name: /(NetSetup[^/]*|dism|cbs)[^/]*\.log$/i,
  },
  // What assets/collector/collect.ps1 writes besides.
  {
    kind: 'collection',
    title: 'When, where and with which parameters the collector ran',
    command: '.\\collect.ps1',
    name: /(^|\/)collection\.json$/i,
    content: /^\s*"collector":\s+"hns-workbench"/,
  },
  {
    kind: 'file-list',
    title: 'Files that the collector found, with size and time',
    command: '.\\collect.ps1 (cni, logs, events)',
    name: /(^|\/)(cni-files|logs\/(list|pods|windows)|winevt\/logs)\.txt$/i,
  },
  {
    kind: 'sandboxes',
    title: 'Pod sandboxes of the container runtime',
    command: 'crictl pods',
    name: /(^|\/)containerd-pods\.txt$/i,
    content: /^POD ID\s+CREATED\s+STATE\b/i,
  },
  {
    kind: 'vfp-json',
    title: 'VFP rules of a port as JSON; vfpOutput.txt has them as text',
    command: 'vfpctrl /port <port> /get-rule-counter /format 1',
    name: /(^|\/)vfp\/[0-9a-f-]{36}\.json$/i,
  },
  {
    kind: 'pktmon',
    title: 'Whether Packet Monitor runs',
    command: 'pktmon status',
    name: /(^|\/)pktmon\.txt$/i,
    content: /^\s*(Collected data|Packet counters|Capture Type|Monitored Components):/i,
  },
];

/** The magic numbers of binary captures and event logs, for files with any name. */
const MAGIC: readonly (readonly [kind: string, bytes: readonly number[]])[] = [
  ['event-log', [0x45, 0x6c, 0x66, 0x46, 0x69, 0x6c, 0x65, 0x00]],
  ['pcapng', [0x0a, 0x0d, 0x0d, 0x0a]],
  ['pcap', [0xd4, 0xc3, 0xb2, 0xa1]],
  ['pcap', [0xa1, 0xb2, 0xc3, 0xd4]],
  ['pcap', [0x4d, 0x3c, 0xb2, 0xa1]],
];

function magicOf(region: Region): string | undefined {
  const { bytes } = region.file;
  return MAGIC.find(([, magic]) => magic.every((byte, at) => bytes[at] === byte))?.[0];
}

/** The output ends where the next command was typed; a binary file is one piece. */
function outputEnd({ file, line, endLine }: Region): number {
  if (file.encoding === 'binary') return endLine;
  for (let n = line + 1; n <= endLine; n += 1) if (promptAt(file.line(n))) return n - 1;
  return endLine;
}

function parserOf(format: OpaqueFormat): Parser {
  const parse = (region: Region): ParseResult => {
    const { file, line } = region;
    const endLine = outputEnd(region);
    const evidence = [{ file: file.path, line, endLine: Math.max(line, endLine) }];
    const fact: Facts =
      format.capture === undefined
        ? { kind: 'opaque', items: [{ what: format.title, evidence }] }
        : {
            kind: 'captures',
            items: [
              { file: file.path, format: format.capture, bytes: file.originalBytes, evidence },
            ],
          };
    const message = `${format.title}: listed, not interpreted`;
    return {
      facts: [fact],
      claimed: [{ line, endLine }],
      notes: [{ line, endLine: Math.max(line, endLine), message, kind: 'info' }],
    };
  };
  return {
    kind: format.kind,
    title: format.title,
    command: format.command,
    recognise(region, head) {
      if (magicOf(region) === format.kind) return 95;
      const { content } = format;
      if (content && head.some((text) => content.test(text))) return 55;
      return format.name.test(region.file.path) ? 36 : 0;
    },
    parse,
  };
}

/** One parser a format: each claims the whole file, so that binaries are never read as text. */
export const opaqueParsers: readonly Parser[] = FORMATS.map(parserOf);
