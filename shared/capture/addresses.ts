import { ipText } from '../model/ip';
import { ipv4Text, macText, u32, u8 } from './bytes';

/** RFC 5952 text of the 16 bytes at `at`. */
export function ipv6Text(bytes: Uint8Array, at: number): string {
  let value = 0n;
  for (let n = 0; n < 16; n += 1) value = (value << 8n) | BigInt(u8(bytes, at + n));
  return ipText({ family: 6, value });
}

/** Each address of a capture once, as a small number. IPv4 and IPv6 addresses, and MACs for what has neither. */
export class Addresses {
  readonly #v4 = new Map<number, number>();
  readonly #other = new Map<string, number>();
  readonly #texts: string[] = [];

  get count(): number {
    return this.#texts.length;
  }

  text(id: number): string {
    return this.#texts[id] ?? '';
  }

  v4(bytes: Uint8Array, at: number): number {
    const key = u32(bytes, at);
    return this.#v4.get(key) ?? this.#put(this.#v4, key, ipv4Text(bytes, at));
  }

  v6(bytes: Uint8Array, at: number): number {
    const key = keyOf(bytes, at, 16);
    return this.#other.get(key) ?? this.#put(this.#other, key, ipv6Text(bytes, at));
  }

  mac(bytes: Uint8Array, at: number): number {
    const key = keyOf(bytes, at, 6);
    return this.#other.get(key) ?? this.#put(this.#other, key, macText(bytes, at));
  }

  /** The address that stands for "none": packets whose link type is not decoded. */
  none(): number {
    return this.#other.get('') ?? this.#put(this.#other, '', '—');
  }

  #put<K>(map: Map<K, number>, key: K, text: string): number {
    const id = this.#texts.length;
    this.#texts.push(text);
    map.set(key, id);
    return id;
  }
}

function keyOf(bytes: Uint8Array, at: number, length: number): string {
  let key = '';
  for (let n = 0; n < length; n += 1) key += String.fromCharCode(u8(bytes, at + n));
  return key;
}
