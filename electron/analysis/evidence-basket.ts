import { randomUUID } from 'node:crypto';
import type { ParsedFile } from '../../shared/parsers/parsed-file';

/** What was offered as evidence and not yet put anywhere. */
export interface OfferedEvidence {
  readonly id: string;
  readonly name: string;
  readonly parsed: ParsedFile;
}

const MAX_OFFERS = 500;

/** Holds offered files between "what is this?" and "add it to this node". The oldest are dropped. */
export class EvidenceBasket {
  readonly #offers = new Map<string, OfferedEvidence>();

  put(name: string, parsed: ParsedFile): OfferedEvidence {
    const offer = { id: randomUUID(), name, parsed };
    this.#offers.set(offer.id, offer);
    for (const id of [...this.#offers.keys()].slice(
      0,
      Math.max(0, this.#offers.size - MAX_OFFERS),
    )) {
      this.#offers.delete(id);
    }
    return offer;
  }

  get(id: string): OfferedEvidence | undefined {
    return this.#offers.get(id);
  }

  take(id: string): OfferedEvidence | undefined {
    const offer = this.#offers.get(id);
    this.#offers.delete(id);
    return offer;
  }
}
