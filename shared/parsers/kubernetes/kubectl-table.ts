import type { Evidence } from '../../model/evidence';
import type { Facts } from '../../model/facts';
import type {
  KubeEndpoints,
  KubeEvent,
  KubeNode,
  KubePod,
  KubeService,
  KubeServicePort,
} from '../../model/kubernetes';
import { canonicalIp } from '../../model/ip';
import { namespaceOfCommand } from '../container-command';
import { LineAccount, pastedLines } from '../line-account';
import type { Parser } from '../parser';
import { promptAt } from '../powershell/prompt';
import { isBlank } from '../text-line';
import type { TableColumn } from './column-table';
import { cellsOf, columnsOf } from './column-table';
import { ageSeconds } from './duration';

type TableKind = 'pods' | 'services' | 'nodes' | 'events' | 'endpoints' | 'other';
type Cells = ReadonlyMap<string, string>;

/** Which `kubectl get` output a header line begins; undefined when it is none. */
function tableKind(header: string): TableKind | undefined {
  if (!/^\s*(?:NAMESPACE|NAME|LAST ?SEEN)\s/.test(header) || /[a-z]/.test(header)) return undefined;
  const names = new Set(columnsOf(header).map(({ name }) => name));
  if (names.has('LAST SEEN') && names.has('REASON')) return 'events';
  if (!names.has('NAME')) return undefined;
  if (names.has('STATUS') && names.has('RESTARTS')) return 'pods';
  if (names.has('CLUSTER-IP')) return 'services';
  if (names.has('STATUS') && names.has('VERSION')) return 'nodes';
  if (names.has('ENDPOINTS') && names.has('AGE') && !names.has('ADDRESSTYPE')) return 'endpoints';
  return names.has('AGE') ? 'other' : undefined;
}

/** Output of `kubectl get pods|services|nodes|events|endpoints`, wide or not, one or several tables. */
export const kubectlTableParser: Parser = {
  kind: 'kubectl-table',
  title: 'Table of kubectl get',
  command: 'kubectl get pods -A -o wide',
  recognise: (region, head) => {
    if (head.some((line) => tableKind(line) !== undefined)) return 90;
    if (head.some((line) => /^(?:No resources found|Error from server)/.test(line.trim())))
      return 55;
    return head.length === 0 && /kubectl.*get/i.test(region.file.path) ? 20 : 0;
  },
  parse: (region) => {
    const account = new LineAccount(region);
    const tables = new Tables(account);
    let table: { kind: TableKind; columns: TableColumn[] } | undefined;
    let afterBlank = false;
    for (const { n, text } of pastedLines(region)) {
      const prompt = promptAt(text);
      const kind = prompt ? undefined : tableKind(text);
      if (prompt) {
        tables.command = prompt.command;
        if (/^kubectl(?:\.exe)?\s/i.test(prompt.command)) account.claim(n);
        table = undefined;
      } else if (kind) {
        table = { kind, columns: columnsOf(text) };
        account.claim(n);
        tables.begin(kind, table.columns);
      } else if (isBlank(text)) {
        // A message may hold a blank line, but then only another event goes on with the table.
        if (table?.kind !== 'events') table = undefined;
        afterBlank = true;
        continue;
      } else if (/^No resources found|^Error from server/.test(text.trim())) {
        account.claim(n);
        account.note('info', text.trim(), n);
      } else if (table && !tables.row(table.kind, table.columns, text, n, afterBlank)) {
        table = undefined;
      }
      afterBlank = false;
    }
    return account.result(...tables.facts());
  },
};

class Tables {
  command = '';
  private readonly pods: KubePod[] = [];
  private readonly services: KubeService[] = [];
  private readonly nodes: KubeNode[] = [];
  private readonly events: KubeEvent[] = [];
  private readonly endpoints: KubeEndpoints[] = [];
  private readonly seen = new Set<TableKind>();
  private readonly partial = new Set<TableKind>();

  constructor(private readonly account: LineAccount) {}

  begin(kind: TableKind, columns: readonly TableColumn[]): void {
    this.seen.add(kind);
    const allNamespaces = columns.some(({ name }) => name === 'NAMESPACE');
    if (kind !== 'nodes' && !allNamespaces) this.partial.add(kind);
    if (
      /\|\s*(?:grep|findstr|sls|select-string)|\s(?:-l|--selector|--field-selector)\b/i.test(
        this.command,
      )
    ) {
      this.partial.add(kind);
    }
    if (/\bget\s+(?:-\S+\s+)*[\w.]+(?:\/|\s+(?!-)[\w.-]+)/.test(this.command))
      this.partial.add(kind);
  }

  /** Reads a row; false when the line does not belong to the table. */
  row(
    kind: TableKind,
    columns: readonly TableColumn[],
    text: string,
    n: number,
    afterBlank: boolean,
  ): boolean {
    const cells = cellsOf(text, columns);
    const evidence = this.account.at(n);
    const name = cells?.get('NAME') ?? '';
    if (kind === 'events') return this.event(cells, text, n, afterBlank);
    if (!cells || !/^[\w./:-]+$/.test(name) || cells.get('AGE') === '') return false;
    this.account.claim(n);
    const namespace = cells.get('NAMESPACE') ?? namespaceOfCommand(this.command);
    const plain = name.replace(/^[\w.]+\//, '');
    if (kind === 'pods') this.pods.push(podOf(plain, namespace, cells, evidence));
    else if (kind === 'services') this.services.push(serviceOf(plain, namespace, cells, evidence));
    else if (kind === 'nodes') this.nodes.push(nodeOf(plain, cells, evidence));
    else if (kind === 'endpoints')
      this.endpoints.push(endpointsOf(plain, namespace, cells, evidence));
    else this.account.note('info', 'a kubectl table of a kind that no check uses', n);
    return true;
  }

  /** A row of events; a line that starts with no age goes on with the message before it. */
  private event(cells: Cells | undefined, text: string, n: number, afterBlank: boolean): boolean {
    const age = cells?.get('LAST SEEN') ?? '';
    const reason = cells?.get('REASON') ?? '';
    if (cells && reason !== '' && (ageSeconds(age) !== undefined || /^<\w+>/.test(age))) {
      this.account.claim(n);
      this.events.push(eventOf(cells, namespaceOfCommand(this.command), this.account.at(n)));
      return true;
    }
    const last = afterBlank ? undefined : this.events.pop();
    if (!last) return false;
    this.account.claim(n);
    const [at] = last.evidence;
    const evidence = at ? [{ ...at, endLine: n }] : last.evidence;
    this.events.push({ ...last, message: `${last.message}\n${text}`, evidence });
    return true;
  }

  facts(): Facts[] {
    const complete = (kind: TableKind, count: number): boolean =>
      count > 0 &&
      !this.partial.has(kind) &&
      !(kind === 'nodes' && count < 2 && this.command === '');
    const facts: Facts[] = [];
    if (this.pods.length > 0) {
      facts.push({
        kind: 'kube-pods',
        items: this.pods,
        complete: complete('pods', this.pods.length),
      });
    }
    if (this.services.length > 0) {
      const all = complete('services', this.services.length);
      facts.push({ kind: 'kube-services', items: this.services, complete: all });
    }
    if (this.nodes.length > 0) {
      facts.push({
        kind: 'kube-nodes',
        items: this.nodes,
        complete: complete('nodes', this.nodes.length),
      });
    }
    if (this.endpoints.length > 0) {
      const all = complete('endpoints', this.endpoints.length);
      facts.push({ kind: 'kube-endpoints', items: this.endpoints, complete: all });
    }
    if (this.events.length > 0) facts.push({ kind: 'kube-events', items: this.events });
    return facts;
  }
}

/** A cell that says "nothing" in kubectl's words, as undefined. */
function filled(cell: string | undefined): string | undefined {
  return cell === undefined || cell === '' || /^<(?:none|unknown|unset|nil)>$/.test(cell)
    ? undefined
    : cell;
}

function addresses(cell: string | undefined): string[] {
  return (filled(cell) ?? '').split(',').flatMap((text) => canonicalIp(text) ?? []);
}

const PHASES = new Set(['Running', 'Pending', 'Succeeded', 'Failed', 'Unknown']);

function podOf(
  name: string,
  namespace: string | undefined,
  cells: Cells,
  evidence: Evidence,
): KubePod {
  const status = filled(cells.get('STATUS'));
  const restarts = /^\d+/.exec(cells.get('RESTARTS') ?? '')?.[0];
  return {
    name,
    namespace,
    node: filled(cells.get('NODE')),
    phase: status !== undefined && PHASES.has(status) ? status : undefined,
    status,
    ready: filled(cells.get('READY')),
    restarts: restarts === undefined ? undefined : Number(restarts),
    ageSeconds: ageSeconds(cells.get('AGE') ?? ''),
    ips: addresses(cells.get('IP')),
    ipKnown: cells.has('IP'),
    containerIds: [],
    images: [],
    labels: new Map(),
    evidence: [evidence],
  };
}

function serviceOf(
  name: string,
  namespace: string | undefined,
  cells: Cells,
  evidence: Evidence,
): KubeService {
  const clusterIp = cells.get('CLUSTER-IP');
  return {
    name,
    namespace,
    type: filled(cells.get('TYPE')),
    clusterIps: addresses(clusterIp),
    headless: clusterIp === 'None',
    externalIps: addresses(cells.get('EXTERNAL-IP')),
    ports: servicePorts(cells.get('PORT(S)')),
    evidence: [evidence],
  };
}

/** `80:31486/TCP,443/TCP`. */
function servicePorts(cell: string | undefined): KubeServicePort[] {
  return (filled(cell) ?? '').split(',').flatMap((text) => {
    const match = /^(\d+)(?::(\d+))?\/(\w+)$/.exec(text.trim());
    if (!match) return [];
    const nodePort = match[2] === undefined ? undefined : Number(match[2]);
    return [{ protocol: (match[3] ?? '').toUpperCase(), port: Number(match[1]), nodePort }];
  });
}

function nodeOf(name: string, cells: Cells, evidence: Evidence): KubeNode {
  const status = (cells.get('STATUS') ?? '').split(',');
  const osImage = filled(cells.get('OS-IMAGE'));
  return {
    name,
    internalIps: addresses(cells.get('INTERNAL-IP')),
    podCidrs: [],
    ready: status.includes('Ready') ? true : status.includes('NotReady') ? false : undefined,
    os: osImage === undefined ? undefined : /windows/i.test(osImage) ? 'windows' : 'linux',
    osImage,
    kernelVersion: filled(cells.get('KERNEL-VERSION')),
    kubeletVersion: filled(cells.get('VERSION')),
    containerRuntimeVersion: filled(cells.get('CONTAINER-RUNTIME')),
    annotations: new Map(),
    evidence: [evidence],
  };
}

function eventOf(cells: Cells, namespace: string | undefined, evidence: Evidence): KubeEvent {
  // Old tables have NAME and KIND, newer ones OBJECT as `pod/name`.
  const [kind, ...rest] = (cells.get('OBJECT') ?? '').split('/');
  const object = rest.join('/');
  const count = cells.get('COUNT');
  const source = (cells.get('SOURCE') ?? '').split(',').map((part) => part.trim());
  return {
    type: filled(cells.get('TYPE')),
    reason: cells.get('REASON') ?? '',
    objectKind: filled(cells.get('KIND')) ?? filled(kind),
    objectName: filled(object) ?? filled(cells.get('NAME'))?.replace(/\.[0-9a-f]{14,}$/, ''),
    namespace: cells.get('NAMESPACE') ?? namespace,
    message: cells.get('MESSAGE') ?? '',
    count: count !== undefined && /^\d+$/.test(count) ? Number(count) : undefined,
    lastSeenAgo: ageSeconds(cells.get('LAST SEEN') ?? ''),
    firstSeenAgo: ageSeconds(cells.get('FIRST SEEN') ?? ''),
    source: filled(source[0]),
    host: filled(source[1]),
    evidence: [evidence],
  };
}

/** `10.244.0.5:53,10.244.0.6:53,10.244.0.5:53 + 3 more...`: the table may not name all. */
function endpointsOf(
  name: string,
  namespace: string | undefined,
  cells: Cells,
  evidence: Evidence,
): KubeEndpoints {
  const ips = new Set<string>();
  const ports = new Set<number>();
  for (const text of (filled(cells.get('ENDPOINTS')) ?? '').split(/[,\s]+/)) {
    const match = /^(.*?):(\d+)$/.exec(text);
    const ip = canonicalIp((match?.[1] ?? text).replace(/[[\]]/g, ''));
    if (ip === undefined) continue;
    ips.add(ip);
    if (match) ports.add(Number(match[2]));
  }
  return {
    service: name,
    namespace,
    addresses: [...ips].map((ip) => ({ ip, ready: true })),
    ports: [...ports].map((port) => ({ protocol: 'TCP', port })),
    evidence: [evidence],
  };
}
