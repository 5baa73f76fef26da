import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { TransportError } from '../transport';
import { Rc4 } from './rc4';

/** A sealed message and its signature. */
export interface Sealed {
  readonly signature: Buffer;
  readonly data: Buffer;
}

export const SIGNATURE_BYTES = 16;

/**
 * Seals and unseals the messages of one connection in the order they travel (MS-NLMP 3.4.4, 3.4.5:
 * extended session security, 128 bits, key exchange). The RC4 streams are made once and never reset.
 */
export class NtlmSession {
  readonly #out: Direction;
  readonly #in: Direction;

  /** @param exported the session key; the acceptor's side is for peers in tests */
  constructor(exported: Uint8Array, side: 'initiator' | 'acceptor' = 'initiator') {
    const up = new Direction(exported, 'client-to-server');
    const down = new Direction(exported, 'server-to-client');
    [this.#out, this.#in] = side === 'initiator' ? [up, down] : [down, up];
  }

  seal(message: Uint8Array): Sealed {
    const data = this.#out.crypt(message);
    return { data, signature: this.#out.signature(message) };
  }

  /** @throws TransportError when the message is not what the other side sealed, in its order */
  unseal({ signature, data }: Sealed): Buffer {
    const message = this.#in.crypt(data);
    const wanted = this.#in.signature(message);
    if (signature.length !== wanted.length || !timingSafeEqual(signature, wanted))
      throw new TransportError(
        'channel',
        'A sealed message of the node was changed on the way or came out of order. It was not used, and the connection was given up.',
      );
    return message;
  }
}

class Direction {
  readonly #sign: Buffer;
  readonly #stream: Rc4;
  #sequence = 0;

  constructor(exported: Uint8Array, way: string) {
    const key = (use: string): Buffer =>
      createHash('md5')
        .update(exported)
        .update(`session key to ${way} ${use} key magic constant\0`)
        .digest();
    this.#sign = key('signing');
    this.#stream = new Rc4(key('sealing'));
  }

  crypt(bytes: Uint8Array): Buffer {
    return this.#stream.update(bytes);
  }

  /** Of the message just crypted: the checksum takes the next bytes of the same stream. */
  signature(message: Uint8Array): Buffer {
    const sequence = Buffer.alloc(4);
    sequence.writeUInt32LE(this.#sequence);
    this.#sequence = (this.#sequence + 1) >>> 0;
    const sum = createHmac('md5', this.#sign).update(sequence).update(message).digest();
    const version = Buffer.from([1, 0, 0, 0]);
    return Buffer.concat([version, this.#stream.update(sum.subarray(0, 8)), sequence]);
  }
}
