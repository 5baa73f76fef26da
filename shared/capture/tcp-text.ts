import { u16, u32, u8 } from './bytes';

const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'];

/** `SYN, ACK` for the flags byte of a TCP header. */
export const tcpFlagsText = (flags: number): string =>
  FLAGS.filter((_, bit) => (flags & (1 << bit)) !== 0).join(', ');

/** Options of a TCP header in words (RFC 9293, RFC 7323, RFC 2018). Stops at what is damaged. */
export function tcpOptionsText(bytes: Uint8Array, from: number, end: number): string {
  const texts: string[] = [];
  for (let at = from; at < end;) {
    const kind = u8(bytes, at);
    if (kind === 0) break;
    if (kind === 1) {
      at += 1;
      continue;
    }
    const length = u8(bytes, at + 1);
    if (length < 2 || at + length > end) {
      texts.push('damaged');
      break;
    }
    texts.push(optionText(bytes, at, kind, length));
    at += length;
  }
  return texts.join(', ') || 'none';
}

function optionText(bytes: Uint8Array, at: number, kind: number, length: number): string {
  switch (kind) {
    case 2:
      return `MSS ${u16(bytes, at + 2)}`;
    case 3:
      return `window scale ${u8(bytes, at + 2)}`;
    case 4:
      return 'SACK permitted';
    case 5:
      return `SACK (${(length - 2) / 8} blocks)`;
    case 8:
      return `timestamps ${u32(bytes, at + 2)} ${u32(bytes, at + 6)}`;
    default:
      return `option ${kind}`;
  }
}
