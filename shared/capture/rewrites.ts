import type { ObservedRewrite } from '../model/capture';
import type { Addresses } from './addresses';
import type { FlowTable } from './flow-table';

/** Kinds of rewrites remembered; a capture of a busy node shows the same few again and again. */
const MOST_REWRITES = 50_000;

interface Seen {
  readonly fromFlow: number;
  readonly toFlow: number;
  /** Addresses of the MACs, or -1: source and destination before, source and destination after. */
  readonly macs: readonly [number, number, number, number];
  readonly fromClient: boolean;
  readonly packets: readonly [number, number];
  readonly sourceChanged: boolean;
  readonly destinationChanged: boolean;
  count: number;
}

/** Collects how packets differ between one appearance and the next. */
export class Rewrites {
  readonly #seen = new Map<string, Seen>();

  see(about: Omit<Seen, 'count'>): void {
    const key = `${about.fromFlow} ${about.toFlow} ${about.fromClient ? 1 : 0} ${about.macs.join(' ')}`;
    const known = this.#seen.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.#seen.size < MOST_REWRITES) this.#seen.set(key, { ...about, count: 1 });
  }

  list(flows: FlowTable, addresses: Addresses): ObservedRewrite[] {
    return [...this.#seen.values()].map((seen) => {
      const [fromSource, fromDestination, toSource, toDestination] = seen.macs;
      const macsKnown = seen.macs.every((id) => id >= 0);
      const before = flows.tunnel.at(seen.fromFlow);
      const after = flows.tunnel.at(seen.toFlow);
      const changes: ObservedRewrite['changes'][number][] = [];
      if (seen.sourceChanged) changes.push('source');
      if (seen.destinationChanged) changes.push('destination');
      if (macsKnown && (fromSource !== toSource || fromDestination !== toDestination))
        changes.push('mac');
      if (before === 0 && after !== 0) changes.push('encapsulated');
      if (before !== 0 && after === 0) changes.push('decapsulated');
      const text = (id: number): string => addresses.text(id);
      return {
        fromFlow: seen.fromFlow,
        toFlow: seen.toFlow,
        changes,
        macs: macsKnown
          ? {
              from: [text(fromSource), text(fromDestination)],
              to: [text(toSource), text(toDestination)],
            }
          : undefined,
        fromClient: seen.fromClient,
        count: seen.count,
        packets: seen.packets,
      };
    });
  }
}
