import { errorMeaning } from '../../model/error-codes';

/** An error code that a message carries, as HRESULT, NTSTATUS or bare Win32 number. */
const HEX = /\b0x(?:(?:803b|8037|c037|8007)[0-9a-f]{4}\b)/gi;
const WIN32 = /in Win32: .*?\((0x[0-9a-f]{1,8})\)/gi;
/** The form of old plugins and of Docker carries no number, only what HNS says, in the language of Windows. */
const WORDS = /HNS failed with error\s*:\s*([^".(\\]+)/gi;
const DECIMAL = /ErrorCode\\*"?\s*[:=]\s*(\d{10})\b/g;

/**
 * Codes in a message, each once, as numbers: `0x803b....` and its kind, `failed in Win32: ... (0x57)`,
 * and the decimal `"ErrorCode":2151350273` of HNS. The text around them is localised, they are not.
 * Where there is no number, the English words of HNS after "HNS failed with error" stand for it.
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
  if (found.size > 0) return [...found];
  for (const [, words] of message.matchAll(WORDS)) {
    const code = CODE_OF_WORDS.get((words ?? '').trim().toLowerCase());
    if (code !== undefined) found.add(code);
  }
  return [...found];
}

/** What English Windows says for a code, as HNS returns it. */
const CODE_OF_WORDS: ReadonlyMap<string, number> = new Map([
  ['element not found', 0x80070490],
  ['the object already exists', 0x80071392],
  ['the parameter is incorrect', 0x80070057],
  ["can't find the network", 0x803b0001],
  ['an adapter was not found', 0x803b0006],
  ['the switch-port was not found', 0x803b0007],
  ['the provided policy configuration is invalid or missing parameters', 0x803b000d],
  ['a network with this name already exists', 0x803b0010],
  ['the specified port already exists', 0x803b0013],
  ['an address provided is invalid or reserved', 0x803b002f],
]);

/**
 * What usually leads to a code, by the call that failed; undefined where nothing is known. A network
 * that cannot be made has other causes than an endpoint.
 */
export function usualCause(code: number | undefined, message: string): string | undefined {
  if (NAT_PLUGIN.test(message)) {
    return 'the plugin is "nat": a leftover configuration such as 0-containerd-nat.conf sorts before that of the CNI, and the runtime uses the first one';
  }
  if (code !== undefined && EXISTS.has(code) && MAKES_NETWORK.test(message)) {
    return 'the network, or another one on the same adapter or subnet, is there already: two agents or plugins make it, or an earlier run left it behind';
  }
  if (code === INVALID_POLICY && /(?:hcnCreateEndpoint|HNSEndpoint)/.test(message)) {
    return 'a policy of the CNI configuration that HNS does not take: a placeholder that was left in, or a prefix with a typing error';
  }
  return code === undefined ? undefined : errorMeaning(code)?.usualCause;
}

/** The CNI plugin of a configuration that containerd brings along, as the message names it. */
export const NAT_PLUGIN = /plugin type=\\*"nat\\*"/;
const INVALID_POLICY = 0x803b000d;
const MAKES_NETWORK = /hcnCreateNetwork|POST -Type networks|create HNSNetwork/;
const EXISTS = new Set([0x80071392, 0x803b0010]);
