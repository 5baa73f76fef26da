const GUID = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$/i;

/**
 * Canonical form of a GUID: lower case, no braces. HNS writes networks upper case and endpoints
 * lower case in one and the same listing, so identity needs one form.
 * Gives undefined for text that is not a GUID.
 */
export function guid(text: string): string | undefined {
  return GUID.exec(text.trim())?.[1]?.toLowerCase();
}

/** Finds all GUIDs in a text, canonical, in order. */
export function guidsIn(text: string): string[] {
  const found = text.match(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi) ?? [];
  return found.map((g) => g.toLowerCase());
}

/**
 * Canonical form of a MAC address: `00-15-5d-aa-bf-3d` (lower case, dashes). Accepts dashes,
 * colons and bare hex. Gives undefined for anything else.
 */
export function mac(text: string): string | undefined {
  const hex = text.trim().replace(/[-:.]/g, '').toLowerCase();
  if (!/^[0-9a-f]{12}$/.test(hex)) return undefined;
  return hex.match(/../g)?.join('-');
}

/** MAC as Windows prints it: upper case with dashes. */
export function macText(canonical: string): string {
  return canonical.toUpperCase();
}

/** The first 8 digits of a GUID, for lists; the whole is in the inspector. */
export function shortGuid(id: string): string {
  return /^[0-9a-f]{8}-/i.test(id) ? id.slice(0, 8) : id;
}
