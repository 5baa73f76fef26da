/**
 * Keeps secrets of a bundle out of excerpts, reports and exports. Values are blanked where their key
 * says what they are (tokens, passwords, private keys, kubeconfig data, registry credentials, SAS
 * signatures) or where their form does (JWT, PEM, cloud keys). A value that is wrongly blanked costs a
 * look into the file; one that is not cannot be taken back, so doubt blanks.
 */
const BLANK = '[redacted]';

/** Endings of keys whose values are secret; any prefix may stand before them (`aadClientSecret`). */
const SECRET_KEYS = [
  'access[-_]?token',
  'id[-_]?token',
  'refresh[-_]?token',
  'identity[-_]?token',
  'bearer[-_]?token',
  'bootstrap[-_]?token',
  'token',
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'client[-_]?secret',
  'secret[-_]?(?:access[-_]?)?key',
  'secret',
  'client-key-data',
  'client-certificate-data',
  'certificate-authority-data',
  'private[-_]?key',
  'api[-_]?key',
  'account[-_]?key',
  'storage[-_]?key',
  'shared[-_]?access[-_]?(?:key|signature)',
  'connection[-_]?string',
  'credentials?',
  'tls\\.key',
  'dockerconfigjson',
  'dockercfg',
  'gossip[-_]?key',
].join('|');

/** `key: value`, `key=value`, `"key":"value"`, `\"key\":\"value\"`, `--key value`, `key="value"`. */
const KEYED = new RegExp(
  `((?:${SECRET_KEYS})(?:\\\\?["'\`])?\\s*(?::=|[:=])\\s*)(\\\\?["'\`])?([^\\s"'\`,;}\\]\\\\&]+(?:\\\\(?!["'])[^\\s"'\`,;}\\]&]*)*)`,
  'gi',
);
/** A quoted value may hold blanks. */
const KEYED_QUOTED = new RegExp(
  `((?:${SECRET_KEYS})(?:\\\\?["'])?\\s*[:=]\\s*)(\\\\?["'])(?!\\[redacted\\])((?:(?!\\2).)+)(\\2|$)`,
  'gi',
);
const FLAG = new RegExp(`(--[\\w-]{0,40}?(?:token|password|secret|api-key)\\s+)(?!-)(\\S+)`, 'gi');

/** Secrets told by their form alone. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  // JSON web tokens (base64url of a JSON object, dots, more of it), also cut ones.
  [/\beyJ[\w-]{16,}(?:\.[\w-]*)*/g, BLANK],
  [/\b((?:Bearer|Basic|Negotiate)\s+)[A-Za-z0-9+/=._~-]{8,}/gi, `$1${BLANK}`],
  [/("auth\\?"\s*:\s*\\?")[A-Za-z0-9+/=]+/gi, `$1${BLANK}`],
  // SAS and presigned URLs.
  [
    /([?&;](?:amp;)?(?:sig|x-amz-signature|x-amz-security-token|x-goog-signature)=)[^&\s"'<>]+/gi,
    `$1${BLANK}`,
  ],
  [
    /(\b(?:https?|wss?|ftp|amqps?|mongodb|redis|postgres(?:ql)?):\/\/[^\s:/@"']*:)[^\s@/"']+(@)/gi,
    `$1${BLANK}$2`,
  ],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, BLANK],
  [/\bgh[pousr]_[A-Za-z0-9]{20,}\b/g, BLANK],
  [/\bxox[abprs]-[A-Za-z0-9-]{10,}/g, BLANK],
  [/\bK10[0-9a-f]{40,}::[\w:.-]+/g, BLANK],
  // kubeadm bootstrap tokens beside the words that carry them.
  [/\b(token\w*\W{1,3})[a-z0-9]{6}\.[a-z0-9]{16}\b/gi, `$1${BLANK}`],
];

const PEM_BEGIN = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/;
const PEM_END = /-----END [A-Z0-9 ]*PRIVATE KEY-----/;
const PEM_WHOLE = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?-----END [A-Z0-9 ]*-----/g;
/** A line of nothing but base64 as keys and certificates are wrapped; on its own nobody can read it anyway. */
const BASE64_LINE = /^\s*[A-Za-z0-9+/]{60,}={0,2}\s*$/;
/** A key whose value follows on the next lines (YAML `|`, or a wrapped value). */
const OPEN_KEY = new RegExp(`(?:${SECRET_KEYS})["']?\\s*[:=]\\s*[|>][-+]?\\s*$`, 'i');

/** Booleans, empty values, counts and references are no secrets, though their key may sound like one. */
const HARMLESS =
  /^(?:true|false|null|none|nil|<none>|<nil>|<unknown>|<redacted>|\[redacted\]|\d{1,4}|[-–—]+|\{|\[|\||>)$/i;

function keyedValue(
  whole: string,
  before: string,
  quote: string | undefined,
  value: string,
): string {
  return HARMLESS.test(value) ? whole : `${before}${quote ?? ''}${BLANK}`;
}

/** One line without its secrets. Pass lines of one excerpt to `blankSecrets`, which also knows blocks. */
export function blankSecretsInLine(line: string): string {
  let text = line;
  if (text.includes('-----BEGIN')) text = text.replace(PEM_WHOLE, BLANK);
  for (const [form, replacement] of FORMS) text = text.replace(form, replacement);
  text = text.replace(
    KEYED_QUOTED,
    (whole: string, before: string, quote: string, value: string, end: string) =>
      HARMLESS.test(value) ? whole : `${before}${quote}${BLANK}${end}`,
  );
  text = text.replace(KEYED, keyedValue);
  return text.replace(FLAG, (_, flag: string) => `${flag}${BLANK}`);
}

/** Lines of one file in order, without their secrets; as many lines as were given. */
export function blankSecrets(lines: readonly string[]): string[] {
  let inKey = false;
  let below: number | undefined;
  return lines.map((line) => {
    if (inKey) {
      if (!PEM_END.test(line)) return BLANK;
      inKey = false;
      return line.replace(/^.*(?=-----END)/, '');
    }
    const indent = line.search(/\S/);
    if (below !== undefined) {
      if (indent > below) return `${line.slice(0, indent)}${BLANK}`;
      if (indent !== -1) below = undefined;
    }
    if (OPEN_KEY.test(line)) below = Math.max(indent, 0);
    if (PEM_BEGIN.test(line) && !PEM_END.test(line)) {
      inKey = true;
      return line.replace(/(-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----).*/, '$1');
    }
    if (BASE64_LINE.test(line)) return BLANK;
    return blankSecretsInLine(line);
  });
}
