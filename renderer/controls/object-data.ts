import type { EntityLink, EvidenceLink } from '../../shared/ipc/finding-schemas';

/** What an element on screen stands for: the menu of its right click asks for it. */
export interface ShownObject {
  readonly ref?: EntityLink | undefined;
  readonly evidence?: EvidenceLink | undefined;
  /** A line of text, whose addresses may be traced. */
  readonly text?: string | undefined;
}

/** Attributes that tell the menu of objects what an element stands for. */
export const objectData = (object: ShownObject): { readonly 'data-object': string } => ({
  'data-object': JSON.stringify(object),
});

/** What stands at an element, or at the active one of the list that has the focus. */
export function objectAt(target: EventTarget | null): ShownObject | undefined {
  if (!(target instanceof Element)) return undefined;
  const active = target.getAttribute('aria-activedescendant');
  const from = active === null ? target : (document.getElementById(active) ?? target);
  const data = from.closest('[data-object]')?.getAttribute('data-object') ?? null;
  return data === null ? undefined : (JSON.parse(data) as ShownObject);
}
