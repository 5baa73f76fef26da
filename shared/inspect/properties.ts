import type { Evidence } from '../model/evidence';
import type { EntityRef } from '../model/finding';
import type { Property, Related } from './object-view';

/** A property; left out (undefined) when there is nothing to say. */
export function property(
  label: string,
  value: string | number | boolean | undefined,
  about: Omit<Property, 'label' | 'value'> = {},
): readonly Property[] {
  if (value === undefined || value === '') return [];
  const text = typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
  return [{ label, value: text, ...about }];
}

/** Groups of properties, each of which may be empty, as one list. */
export function properties(...parts: readonly (readonly Property[])[]): readonly Property[] {
  return parts.flat();
}

/**
 * A property that is an id, an address or a piece of a file: shown in fixed width, its evidence
 * behind it.
 */
export function mono(
  label: string,
  value: string | undefined,
  evidence?: Evidence,
): readonly Property[] {
  return property(label, value, { mono: true, evidence });
}

/** Links to other objects under one title; nothing at all where none of them is known. */
export function related(
  title: string,
  refs: readonly (EntityRef | undefined)[],
): readonly Related[] {
  const known = refs.filter((r) => r !== undefined);
  return known.length === 0 ? [] : [{ title, refs: known }];
}
