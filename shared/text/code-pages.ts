/** Upper halves (0x80..0xff) of the consoles' OEM code pages; the Encoding Standard has neither. */
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';
const CP850 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0';

/**
 * Windows 1252 from 0x80 to 0x9f (Encoding Standard, index-windows-1252); above, it is Latin-1. Node 20
 * reads these as control characters, so its decoder cannot be used.
 */
const CP1252_CONTROLS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

export type CodePage = 437 | 850 | 1252 | 936;

const LETTER = /^\p{L}$/u;
const isAsciiLetter = (byte: number): boolean => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;

/** One text per byte value of an upper half. */
function upperHalf(page: 437 | 850 | 1252): readonly string[] {
  if (page === 437) return [...CP437];
  if (page === 850) return [...CP850];
  const latin = Array.from({ length: 96 }, (_, i) => String.fromCharCode(0xa0 + i));
  return [...CP1252_CONTROLS, ...latin];
}

const tables = new Map<CodePage, readonly string[]>();
function table(page: 437 | 850 | 1252): readonly string[] {
  const known = tables.get(page);
  if (known !== undefined) return known;
  const made = upperHalf(page);
  tables.set(page, made);
  return made;
}

/** Text of bytes in a code page. Bytes without a meaning become U+FFFD. */
export function decodeCodePage(bytes: Uint8Array, page: CodePage): string {
  if (page === 936) return new TextDecoder('gbk').decode(bytes);
  const upper = table(page);
  let text = '';
  for (const byte of bytes)
    text += byte < 128 ? String.fromCharCode(byte) : (upper[byte - 128] ?? '\ufffd');
  return text;
}

/** Share of bytes over 0x7f that stand in pairs of the common GB 2312 plane, the way Chinese text does. */
function chinesePairs(sample: Uint8Array): { readonly pairs: number; readonly strays: number } {
  let pairs = 0;
  let strays = 0;
  for (let i = 0; i < sample.length; i += 1) {
    const lead = sample[i] ?? 0;
    if (lead < 0x80) continue;
    const trail = sample[i + 1] ?? 0;
    if (lead >= 0xa1 && lead <= 0xf7 && trail >= 0xa1) {
      pairs += 1;
      i += 1;
    } else strays += 1;
  }
  return { pairs, strays };
}

/** How well a page explains the sample: accented letters beside letters speak for it, symbols beside letters and capitals inside words against. */
function score(sample: Uint8Array, page: 437 | 850 | 1252): number {
  const upper = table(page);
  let points = 0;
  for (let i = 0; i < sample.length; i += 1) {
    const byte = sample[i] ?? 0;
    if (byte < 128) continue;
    const inWord = isAsciiLetter(sample[i - 1] ?? 0) || isAsciiLetter(sample[i + 1] ?? 0);
    const text = upper[byte - 128] ?? '';
    const afterSmall = /[a-z]/.test(String.fromCharCode(sample[i - 1] ?? 0));
    if (afterSmall && /^\p{Lu}$/u.test(text)) points -= 2;
    else if (LETTER.test(text) && !/[ªºƒ]/.test(text)) points += inWord ? 2 : 1;
    else if (/^[‘’“”–—…€]$/.test(text)) points += 1;
    else if (inWord) points -= 2;
  }
  return points;
}

/**
 * Guesses the code page of text that is not UTF-8: a Chinese console (936), a Western console
 * (OEM 437 or 850; their letters are the same but for a few that only 850 has) or Windows 1252.
 * A native program's output is in the console's page, so OEM wins a tie.
 */
export function guessCodePage(sample: Uint8Array): CodePage {
  const { pairs, strays } = chinesePairs(sample);
  if (pairs >= 2 && strays * 10 <= pairs) return 936;
  const oem437 = score(sample, 437);
  const oem850 = score(sample, 850);
  if (score(sample, 1252) > Math.max(oem437, oem850)) return 1252;
  return oem850 > oem437 ? 850 : 437;
}
