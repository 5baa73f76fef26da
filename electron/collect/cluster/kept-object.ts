import type { ApiObject } from '../../transports/kubernetes/list';

/** Deeper than any object of the API. */
const DEPTH = 100;
const DROPPED_ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';
/** Entries of a config map that may hold credentials or belong to a Linux shell. */
const DROPPED_DATA = /kubeconfig|token|secret|password|credential|\.(?:key|crt|pem)$/i;

/**
 * What is kept of an object: all but `managedFields`, the copy of itself that kubectl leaves in an
 * annotation, and values of environment variables and probe headers, which often hold secrets. Keys
 * are in kubectl's order, so that a file is line for line what kubectl prints.
 */
export function keptObject(object: ApiObject): ApiObject {
  return kept(object, '', 0) as ApiObject;
}

function kept(value: unknown, key: string, depth: number): unknown {
  if (depth > DEPTH) return null;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const nameOnly = key === 'env' || key === 'httpHeaders';
    return items.map((item) => kept(nameOnly ? withoutValue(item) : item, '', depth + 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => {
    if (key === 'metadata' && name === 'managedFields') return false;
    if (key === 'annotations' && name === DROPPED_ANNOTATION) return false;
    return !((key === 'data' || key === 'binaryData') && DROPPED_DATA.test(name));
  });
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, each]) => [name, kept(each, name, depth + 1)]));
}

function withoutValue(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  return Object.fromEntries(Object.entries(item).filter(([name]) => name !== 'value'));
}
