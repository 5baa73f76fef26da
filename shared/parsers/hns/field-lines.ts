import type { FieldLines, Health, HnsField, NetworkType } from '../../model/hns';
import { field, numberField, textField, type HnsValue } from './hns-value';
import type { At } from './policy';

/** Where the named fields of an object stand; names are the file's, lower case, first match counts. */
export function fieldLines(
  object: HnsValue,
  at: At,
  names: Readonly<Partial<Record<HnsField, readonly string[]>>>,
): FieldLines {
  const lines = new Map<HnsField, ReturnType<At>>();
  for (const [name, spellings] of Object.entries(names) as [HnsField, readonly string[]][]) {
    const found = field(object, ...spellings);
    if (found) lines.set(name, at(found));
  }
  return lines;
}

/** `Health{LastErrorCode, LastUpdateTime}`; undefined when the file does not show the code. */
export function healthOf(object: HnsValue): Health | undefined {
  const health = field(object, 'health');
  const lastErrorCode = numberField(health, 'lasterrorcode');
  if (lastErrorCode === undefined) return undefined;
  return { lastErrorCode, lastUpdateTime: textField(health, 'lastupdatetime') };
}

const TYPES: ReadonlySet<string> = new Set<NetworkType>([
  'l2bridge',
  'overlay',
  'l2tunnel',
  'transparent',
  'nat',
  'ics',
  'private',
  'internal',
]);

const isType = (text: string): text is NetworkType => TYPES.has(text);

/** Network type in any letter case; `unknown` for a type HNS does not have. Undefined for none. */
export function networkType(text: string | undefined): NetworkType | undefined {
  if (text === undefined) return undefined;
  const lower = text.toLowerCase();
  return isType(lower) ? lower : 'unknown';
}

/** Schema 2 objects carry `SchemaVersion.Major` 2 or keys that only HCN has. */
export function schemaOf(object: HnsValue, v2Keys: readonly string[]): 1 | 2 {
  const major = numberField(field(object, 'schemaversion'), 'major');
  if (major === 2) return 2;
  return field(object, ...v2Keys) === undefined ? 1 : 2;
}

const ZERO_GUID = '00000000-0000-0000-0000-000000000000';

/** A GUID that names something: the zero GUID means none. */
export function meaningful(id: string | undefined): string | undefined {
  return id === ZERO_GUID ? undefined : id;
}
