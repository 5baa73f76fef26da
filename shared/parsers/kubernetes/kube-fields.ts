import type { Evidence } from '../../model/evidence';
import { canonicalIp } from '../../model/ip';
import type { JsonValue } from '../json-tree';
import { member, textOf } from '../json-tree';
import { instant } from './duration';

/** Name, namespace and creation of an API object, and where its name stands. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly createdAt: number | undefined;
  readonly evidence: Evidence;
}

/** Reads `metadata` of an object. The evidence is the line of its name. */
export function metaOf(value: JsonValue, file: string): ObjectMeta {
  const metadata = member(value, 'metadata');
  const name = member(metadata, 'name');
  return {
    name: textOf(name) ?? '',
    namespace: textOf(member(metadata, 'namespace')),
    createdAt: instant(textOf(member(metadata, 'creationTimestamp'))),
    evidence: placeOf(name ?? value, file),
  };
}

/** Evidence of a value: its first line when it is an object or array, which may span hundreds. */
export function placeOf(value: JsonValue, file: string): Evidence {
  const endLine = value.kind === 'object' || value.kind === 'array' ? value.line : value.endLine;
  return { file, line: value.line, endLine };
}

/** Follows member names into a value. */
export function path(
  value: JsonValue | undefined,
  ...names: readonly string[]
): JsonValue | undefined {
  return names.reduce<JsonValue | undefined>((inner, name) => member(inner, name), value);
}

/** A map of texts (labels, annotations). */
export function textMap(value: JsonValue | undefined): Map<string, string> {
  if (value?.kind !== 'object') return new Map();
  return new Map(value.members.map((entry) => [entry.key, textOf(entry.value) ?? '']));
}

/** Canonical addresses among some values. */
export function ipsOf(values: readonly (JsonValue | undefined)[]): string[] {
  return [...new Set(values.flatMap((value) => canonicalIp(textOf(value) ?? '') ?? []))];
}
