import type { LogEntry, LogFile } from '../../model/logs';

/** What a line of kube-proxy's log says of why it ended. */
export interface ExitReason {
  readonly what: string;
  readonly cause: string;
  readonly remedy: string;
  readonly command?: string;
  readonly entry: LogEntry;
}

interface Pattern {
  readonly pattern: RegExp;
  readonly what: (match: RegExpExecArray) => string;
  readonly cause: string;
  readonly remedy: string;
  readonly command?: string;
}

const START = 'Start kube-proxy again with the corrected arguments.';

/** Lines with which kube-proxy ends at its start, the more telling first. */
const PATTERNS: readonly Pattern[] = [
  {
    pattern: /unknown (?:shorthand )?flag:? '?(--?[\w-]+|'\w' in -\w+)/i,
    what: (m) => `it does not know the flag ${m[1] ?? ''}`,
    cause:
      'The start script passes a flag that this version of kube-proxy does not have (any more, or yet).',
    remedy: `Remove the flag from the start script or service. ${START}`,
  },
  {
    pattern:
      /unrecognized feature gate:? "?([\w-]+)|cannot set feature gate "?([\w-]+)|unknown feature gate "?([\w-]+)/i,
    what: (m) => `it does not know the feature gate ${m[1] ?? m[2] ?? m[3] ?? ''}`,
    cause:
      'The feature gate was removed in this version of Kubernetes: gates go away once the feature is general.',
    remedy: `Remove the gate from --feature-gates. ${START}`,
  },
  {
    pattern: /source-vip flag not set/i,
    what: () => 'it got no source VIP (--source-vip), which an overlay network needs',
    cause:
      'The start script reserves the source VIP with host-local before it starts kube-proxy; the reservation failed or was left out.',
    remedy: `Reserve the address and pass it with --source-vip. ${START}`,
    command: 'Get-Content C:\\k\\sourceVip.json',
  },
  {
    pattern:
      /Unable to find HNS Network|network name .*not (?:set|found)|failed to (?:find|get) .*HNS ?network|Can't find the network|could not find .*network/i,
    what: () => 'it does not find its HNS network',
    cause:
      'The name given by --network-name or KUBE_NETWORK is not that of an HNS network, or the CNI agent had not made the network yet.',
    remedy:
      'Start the CNI agent first, and set KUBE_NETWORK (or --network-name) to the name that HNS shows. Then start kube-proxy.',
    command: 'Get-HnsNetwork | select Name, Type',
  },
  {
    pattern: /(WinOverlay|WinDSR) feature gate not enabled/i,
    what: (m) => `the feature gate ${m[1] ?? ''} is not enabled`,
    cause: 'This version of kube-proxy wants the gate for what its flags and its network ask for.',
    remedy: `Add the gate to --feature-gates. ${START}`,
  },
  {
    pattern: /Could not find host mac address/i,
    what: () => 'it finds no network adapter with its node address',
    cause: 'The node address that kube-proxy uses is not on any adapter of the host.',
    remedy: `Pass the node’s address with --bind-address, or correct --hostname-override. ${START}`,
  },
  {
    pattern: /Only one usage of each socket address|address already in use/i,
    what: () => 'a port it listens on is taken',
    cause: 'Another process, often a second kube-proxy, holds the health or metrics port.',
    remedy: 'Find and end the other process, then start kube-proxy.',
    command: 'netstat -ano | findstr "10249 10256"',
  },
  {
    pattern:
      /no configuration has been provided|unable to load in-cluster configuration|invalid configuration|CreateFile .*(?:config|kubeconfig).*cannot find|stat .*config.*cannot find|error loading config file/i,
    what: () => 'it has no usable kubeconfig',
    cause:
      'The file named by --kubeconfig is missing or not readable, so kube-proxy does not know the API server.',
    remedy: `Put the kubeconfig in place. ${START}`,
    command: 'Test-Path C:\\k\\config',
  },
  {
    pattern:
      /x509:|Unauthorized|connectex:|dial tcp .*(?:refused|timeout|timed out|no such host)|i\/o timeout|no route to host/i,
    what: () => 'it does not reach the API server, or is not let in',
    cause:
      'The API server named in the kubeconfig does not answer from this node, or refuses its certificate.',
    remedy:
      'Test the way to the API server from the node and check the kubeconfig, then start kube-proxy.',
    command: 'Test-NetConnection <API server> -Port 6443',
  },
  {
    pattern: /^panic: |runtime error:/im,
    what: () => 'it crashed (panic)',
    cause: 'A defect of kube-proxy, or an answer of HNS that it does not expect.',
    remedy:
      'Keep the stack trace, look it up in the issues of Kubernetes, and start kube-proxy again.',
  },
];

const TAIL = 200;

/**
 * Why kube-proxy ended, as the end of its log says: fatal and error lines first, newest first; then
 * any line. Undefined when the last 200 entries name nothing known.
 */
export function exitReason(log: LogFile): ExitReason | undefined {
  const entries: LogEntry[] = [];
  for (let i = log.entryCount - 1; i >= Math.max(0, log.entryCount - TAIL); i -= 1)
    entries.push(log.entry(i));
  // klog's flag dump repeats words that look like faults.
  const telling = entries.filter(({ text }) => !text.includes('FLAG: --'));
  const rank = (e: LogEntry): number =>
    e.level === 'fatal' ? 0 : e.level === 'error' || e.level === 'unknown' ? 1 : 2;
  const ordered = [...telling].sort((a, b) => rank(a) - rank(b) || b.index - a.index);
  for (const entry of ordered) {
    for (const { pattern, what, cause, remedy, command } of PATTERNS) {
      const match = pattern.exec(entry.text);
      if (match)
        return {
          what: what(match),
          cause,
          remedy,
          ...(command === undefined ? {} : { command }),
          entry,
        };
    }
  }
  return undefined;
}

/** The last fatal line, whatever it says. */
export function lastFatal(log: LogFile): LogEntry | undefined {
  for (let i = log.entryCount - 1; i >= Math.max(0, log.entryCount - TAIL); i -= 1) {
    if (log.level(i) === 'fatal') return log.entry(i);
  }
  return undefined;
}
