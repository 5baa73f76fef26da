import type { Facts } from '../../model/facts';
import type { HnsEndpoint, HnsLoadBalancer, HnsNamespace, HnsNetwork } from '../../model/hns';
import type { LineAccount } from '../line-account';
import { errorMeaning } from '../../model/error-codes';
import { hnsEndpoint } from './endpoint';
import { numberField, field, isWhole, textField, type HnsObject, type HnsValue } from './hns-value';
import { elbPolicyList, hcnLoadBalancer } from './load-balancer';
import { hnsNamespace } from './namespace';
import { hnsNetwork } from './network';
import { hnsObjectKind } from './object-kind';

export type HnsListKind = 'networks' | 'endpoints' | 'load-balancers' | 'namespaces';

/** Are the ports and the whole list of backends of a cut load balancer there? Half a list would be a wrong one. */
function hasBackends(object: HnsObject): boolean {
  const backends = field(object, 'references') ?? field(object, 'hostcomputeendpoints');
  const ports = field(object, 'policies') ?? field(object, 'portmappings');
  return isWhole(backends) && isWhole(ports);
}

/** The HNS objects of one region by kind. A kind that was listed but is empty gives an empty list. */
export class CollectedHns {
  private readonly networks: HnsNetwork[] = [];
  private readonly endpoints: HnsEndpoint[] = [];
  private readonly loadBalancers: HnsLoadBalancer[] = [];
  private readonly namespaces: HnsNamespace[] = [];
  private readonly listed = new Set<HnsListKind>();
  private readonly partial = new Set<HnsListKind>();

  constructor(private readonly account: LineAccount) {}

  /** A listing of this kind was printed, maybe with nothing in it. */
  list(kind: HnsListKind): void {
    this.listed.add(kind);
  }

  /** The listing does not show all objects of its kind. */
  cut(kind: HnsListKind): void {
    this.partial.add(kind);
  }

  network(network: HnsNetwork): void {
    this.list('networks');
    this.networks.push(network);
  }

  endpoint(endpoint: HnsEndpoint): void {
    this.list('endpoints');
    this.endpoints.push(endpoint);
  }

  loadBalancer(loadBalancer: HnsLoadBalancer): void {
    this.list('load-balancers');
    this.loadBalancers.push(loadBalancer);
  }

  namespace(namespace: HnsNamespace): void {
    this.list('namespaces');
    this.namespaces.push(namespace);
  }

  /**
   * Adds the objects of a value: one object, a list of them, or the envelope of an HNS answer.
   * Claims their lines. False when it holds nothing of HNS (nothing is claimed then).
   */
  add(value: HnsValue, wholeListing: boolean): boolean {
    if (value.kind === 'list') {
      const known = value.items.map((item) => this.add(item, wholeListing && value.complete));
      return known.some(Boolean);
    }
    if (value.kind !== 'object') return false;
    const kind = hnsObjectKind(value);
    switch (kind) {
      case undefined:
        return false;
      case 'envelope':
        return this.answer(value, wholeListing);
      case 'network':
        return this.take('networks', value, wholeListing, hnsNetwork, (item) => this.network(item));
      case 'endpoint':
        return this.take('endpoints', value, wholeListing, hnsEndpoint, (item) =>
          this.endpoint(item),
        );
      case 'load-balancer':
        return this.take('load-balancers', value, wholeListing, hcnLoadBalancer, (item) =>
          this.loadBalancer(item),
        );
      case 'policy-list':
        return this.take('load-balancers', value, wholeListing, elbPolicyList, (item) =>
          this.loadBalancer(item),
        );
      case 'namespace':
        return this.take('namespaces', value, wholeListing, hnsNamespace, (item) =>
          this.namespace(item),
        );
    }
  }

  private take<T>(
    kind: HnsListKind,
    object: HnsObject,
    wholeListing: boolean,
    read: (
      object: HnsObject,
      at: (range: { line: number; endLine: number }) => ReturnType<LineAccount['at']>,
    ) => T | undefined,
    keep: (item: T) => void,
  ): boolean {
    this.list(kind);
    if (!wholeListing || !object.complete) this.cut(kind);
    this.account.claim(object.line, object.endLine);
    if (!object.complete && kind === 'load-balancers' && !hasBackends(object)) {
      const message = 'The load balancer is cut before its backends end: it is left out';
      this.account.note('truncated', message, object.line, object.endLine);
      return true;
    }
    const item = read(object, ({ line, endLine }) => this.account.at(line, endLine));
    if (item !== undefined) keep(item);
    else if (textField(object, 'id') === undefined) {
      this.cut(kind);
      this.account.note(
        'skipped',
        'An HNS object without its ID: nothing can refer to it',
        object.line,
        object.endLine,
      );
    } else {
      this.account.note(
        'info',
        'A policy list that is no load balancer',
        object.line,
        object.endLine,
      );
    }
    return true;
  }

  private answer(envelope: HnsObject, wholeListing: boolean): boolean {
    const output = field(envelope, 'output');
    // One object is the answer to a request for it; a list is the answer to "all".
    if (output && this.add(output, wholeListing && output.kind === 'list')) {
      this.account.claim(envelope.line, envelope.endLine);
      return true;
    }
    const error = textField(envelope, 'error');
    const code = numberField(envelope, 'errorcode');
    if (output === undefined && error === undefined && code === undefined) return false;
    this.account.claim(envelope.line, envelope.endLine);
    if (error !== undefined || code !== undefined) {
      const known = code === undefined ? undefined : errorMeaning(code);
      const meaning = known ? ` (${known.hex}: ${known.meaning})` : '';
      this.account.note(
        'info',
        `HNS answered with an error: ${error ?? 'no text'}${meaning}`,
        envelope.line,
        envelope.endLine,
      );
    }
    return true;
  }

  /** Facts of all kinds that were listed. */
  facts(): Facts[] {
    const facts: Facts[] = [];
    const complete = (kind: HnsListKind): boolean => !this.partial.has(kind);
    if (this.listed.has('networks')) {
      facts.push({ kind: 'hns-networks', items: this.networks, complete: complete('networks') });
    }
    if (this.listed.has('endpoints')) {
      facts.push({ kind: 'hns-endpoints', items: this.endpoints, complete: complete('endpoints') });
    }
    if (this.listed.has('load-balancers')) {
      facts.push({
        kind: 'hns-load-balancers',
        items: this.loadBalancers,
        complete: complete('load-balancers'),
      });
    }
    if (this.listed.has('namespaces')) {
      facts.push({
        kind: 'hns-namespaces',
        items: this.namespaces,
        complete: complete('namespaces'),
      });
    }
    return facts;
  }
}
