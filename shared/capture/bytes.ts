/** Numbers at places of a byte array; beyond its end all are 0, so that cut packets need no special care. */
export const u8 = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;

/** Two bytes, most significant first, as everything on the wire. */
export const u16 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

export const u24 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);

export const u32 = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] ?? 0) << 24) |
    ((bytes[at + 1] ?? 0) << 16) |
    ((bytes[at + 2] ?? 0) << 8) |
    (bytes[at + 3] ?? 0)) >>>
  0;

const decoder = new TextDecoder();

/** UTF-8 text up to a NUL; control characters become spaces, bad bytes the replacement character. */
export function textOf(bytes: Uint8Array, from: number, to: number): string {
  const nul = bytes.indexOf(0, from);
  const text = decoder.decode(bytes.subarray(from, nul >= 0 && nul < to ? nul : to));
  return text.replace(/[\x00-\x1f\x7f]/g, ' ').trim();
}

/** `00-15-5d-0a-0b-0c`, as Windows writes it, in lower case. */
export const macText = (bytes: Uint8Array, at: number): string =>
  Array.from({ length: 6 }, (_, n) =>
    u8(bytes, at + n)
      .toString(16)
      .padStart(2, '0'),
  ).join('-');

/** The four bytes of an IPv4 address as `10.244.1.2`. */
export const ipv4Text = (bytes: Uint8Array, at: number): string =>
  `${u8(bytes, at)}.${u8(bytes, at + 1)}.${u8(bytes, at + 2)}.${u8(bytes, at + 3)}`;
