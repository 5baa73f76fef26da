/** An error code that a message carries, as HRESULT, NTSTATUS or bare Win32 number. */
const HEX = /\b0x(?:(?:803b|8037|c037|8007)[0-9a-f]{4}\b)/gi;
const WIN32 = /in Win32: .*?\((0x[0-9a-f]{1,8})\)/gi;
const DECIMAL = /ErrorCode\\*"?\s*[:=]\s*(\d{10})\b/g;

/**
 * Codes in a message, each once, as numbers: `0x803b....` and its kind, `failed in Win32: ... (0x57)`,
 * and the decimal `"ErrorCode":2151350273` of HNS. The text around them is localised, they are not.
 */
export function codesIn(message: string): readonly number[] {
  const found = new Set<number>();
  for (const [text] of message.matchAll(HEX)) found.add(parseInt(text, 16));
  for (const [, text] of message.matchAll(WIN32)) {
    const code = parseInt(text ?? '', 16);
    // A bare Win32 number and its HRESULT are one code.
    found.add(code < 0x10000 ? 0x80070000 + code : code);
  }
  for (const [, text] of message.matchAll(DECIMAL)) {
    const code = Number(text);
    const high = Math.floor(code / 0x10000);
    if (high === 0x803b || high === 0x8037 || high === 0xc037 || high === 0x8007) found.add(code);
  }
  return [...found];
}
