import type { FlannelNetConf, LinuxCniConf } from '../../model/cni';
import type { Facts } from '../../model/facts';
import type {
  KubeDaemonSet,
  KubeEndpoints,
  KubeEvent,
  KubeNode,
  KubePod,
  KubeService,
} from '../../model/kubernetes';
import { flannelNetConfOf, isFlannelNetConf } from '../cni/flannel-net-conf';
import { isLinuxCniConf, linuxCniConfOf } from '../cni/linux-cni-conf';
import type { JsonMember, JsonValue } from '../json-tree';
import { findJson, itemsOf, keysOf, member, textOf } from '../json-tree';
import { instant } from './duration';
import { daemonSetOf } from './kube-daemon-set';
import { endpointSliceOf, endpointsOf } from './kube-endpoints';
import { eventOf } from './kube-event';
import { nodeOf } from './kube-node';
import { podOf } from './kube-pod';
import { serviceOf } from './kube-service';

/** Is this an object (or list) of the Kubernetes API: `apiVersion` and `kind`? */
export function isKubeObject(root: JsonValue): boolean {
  const keys = keysOf(root);
  return keys.has('kind') && (keys.has('apiversion') || keys.has('metadata'));
}

/** Gathers the objects of API output: single objects, typed lists (`PodList`) and `List` of mixed kinds. */
export class KubeObjects {
  private readonly nodes: KubeNode[] = [];
  private readonly pods: KubePod[] = [];
  private readonly services: KubeService[] = [];
  private readonly endpoints: KubeEndpoints[] = [];
  private readonly daemonSets: KubeDaemonSet[] = [];
  private readonly events: KubeEvent[] = [];
  private readonly netConfs: FlannelNetConf[] = [];
  private readonly linuxConfs: LinuxCniConf[] = [];
  private readonly namespaces = new Map<string, Set<string>>();
  private readonly listed = new Set<string>();
  private readonly unused = new Map<string, number>();
  private newest: { readonly time: number; readonly line: number } | undefined;

  constructor(private readonly file: string) {}

  /** Takes one object or list. Kinds that no check uses are counted in `unusedKinds`. */
  add(value: JsonValue): void {
    this.newest = newestTime(value, this.newest);
    const kind = textOf(member(value, 'kind')) ?? '';
    if (kind.endsWith('List')) {
      const itemKind = kind.slice(0, -'List'.length);
      if (itemKind !== '') this.listed.add(itemKind);
      for (const item of itemsOf(member(value, 'items'))) {
        // Items of a typed list may leave out their kind.
        const own = textOf(member(item, 'kind')) ?? itemKind;
        if (own.endsWith('List')) continue;
        this.listed.add(own);
        this.object(own, item);
      }
    } else this.object(kind, value);
  }

  /** Kinds that were there and hold nothing for this program, with how many. */
  get unusedKinds(): ReadonlyMap<string, number> {
    return this.unused;
  }

  private object(kind: string, value: JsonValue): void {
    const namespace = textOf(member(member(value, 'metadata'), 'namespace'));
    if (namespace !== undefined) {
      const seen = this.namespaces.get(kind) ?? new Set();
      this.namespaces.set(kind, seen.add(namespace));
    }
    switch (kind) {
      case 'Node':
        this.nodes.push(nodeOf(value, this.file));
        break;
      case 'Pod':
        this.pods.push(podOf(value, this.file));
        break;
      case 'Service':
        this.services.push(serviceOf(value, this.file));
        break;
      case 'EndpointSlice':
        this.endpoints.push(endpointSliceOf(value, this.file));
        break;
      case 'Endpoints':
        this.endpoints.push(endpointsOf(value, this.file));
        break;
      case 'DaemonSet':
        this.daemonSets.push(daemonSetOf(value, this.file));
        break;
      case 'Event':
        this.events.push(eventOf(value, this.file));
        break;
      case 'ConfigMap':
        this.configMap(value);
        break;
      default:
        this.unused.set(kind, (this.unused.get(kind) ?? 0) + 1);
    }
  }

  /** flannel's config map carries its two configurations as text; Windows templates in it are no node's file. */
  private configMap(value: JsonValue): void {
    const data = member(value, 'data');
    let found = false;
    for (const entry of data?.kind === 'object' ? data.members : []) {
      for (const document of findJson(embeddedLines(entry))) {
        if (isFlannelNetConf(document.root)) {
          this.netConfs.push(flannelNetConfOf(document, this.file));
          found = true;
        } else if (isLinuxCniConf(document.root)) {
          this.linuxConfs.push(linuxCniConfOf(document, this.file));
          found = true;
        }
      }
    }
    if (!found) this.unused.set('ConfigMap', (this.unused.get('ConfigMap') ?? 0) + 1);
  }

  /**
   * The facts. A list counts as complete when it is one of nodes, or spans several namespaces (a
   * list of one namespace cannot be told from `-n`).
   */
  facts(): Facts[] {
    const facts: Facts[] = [];
    const spans = (kind: string): boolean =>
      this.listed.has(kind) && (this.namespaces.get(kind)?.size ?? 0) > 1;
    if (this.nodes.length > 0 || this.listed.has('Node')) {
      facts.push({ kind: 'kube-nodes', items: this.nodes, complete: this.listed.has('Node') });
    }
    if (this.pods.length > 0 || this.listed.has('Pod')) {
      facts.push({ kind: 'kube-pods', items: this.pods, complete: spans('Pod') });
    }
    if (this.services.length > 0 || this.listed.has('Service')) {
      facts.push({ kind: 'kube-services', items: this.services, complete: spans('Service') });
    }
    const listsEndpoints = this.listed.has('EndpointSlice') || this.listed.has('Endpoints');
    if (this.endpoints.length > 0 || listsEndpoints) {
      const complete = spans('EndpointSlice') || spans('Endpoints');
      facts.push({ kind: 'kube-endpoints', items: this.endpoints, complete });
    }
    if (this.daemonSets.length > 0) {
      facts.push({ kind: 'kube-daemon-sets', items: this.daemonSets });
    }
    if (this.events.length > 0 || this.listed.has('Event')) {
      facts.push({ kind: 'kube-events', items: this.events });
    }
    if (this.newest !== undefined && facts.length > 0) {
      const { time, line } = this.newest;
      const evidence = [{ file: this.file, line, endLine: line }];
      facts.push({ kind: 'kube-newest', items: [{ time, evidence }] });
    }
    if (this.netConfs.length > 0) facts.push({ kind: 'flannel-net-conf', items: this.netConfs });
    if (this.linuxConfs.length > 0) facts.push({ kind: 'linux-cni-conf', items: this.linuxConfs });
    return facts;
  }
}

/** Fields of API objects (core, discovery and coordination) that say when something was seen or done. */
const PAST_TIMES = new Set([
  'creationTimestamp',
  'lastHeartbeatTime',
  'lastTransitionTime',
  'lastTimestamp',
  'lastObservedTime',
  'eventTime',
  'renewTime',
  'startedAt',
  'finishedAt',
  'endpoints.kubernetes.io/last-change-trigger-time',
]);

/** The newest moment that a value tells of, if it is newer than what was found before. */
function newestTime(
  value: JsonValue,
  best: { readonly time: number; readonly line: number } | undefined,
): { readonly time: number; readonly line: number } | undefined {
  let newest = best;
  const visit = (inner: JsonValue): void => {
    if (inner.kind === 'array') inner.items.forEach(visit);
    if (inner.kind !== 'object') return;
    for (const { key, value: field, line } of inner.members) {
      const time = PAST_TIMES.has(key) ? instant(textOf(field)) : undefined;
      if (time !== undefined && time > (newest?.time ?? 0)) newest = { time, line };
      visit(field);
    }
  };
  visit(value);
  return newest;
}

/**
 * Lines of a text inside a value. A YAML block has its lines one by one below its key; a JSON string
 * stands on one line, so all its lines are that one.
 */
function embeddedLines({ value, line }: JsonMember): { n: number; text: string }[] {
  const texts = (textOf(value) ?? '').split('\n');
  const isBlock = value.endLine > value.line;
  return texts.map((text, i) => ({
    n: isBlock ? Math.min(value.line + 1 + i, value.endLine) : Math.max(value.line, line),
    text,
  }));
}
