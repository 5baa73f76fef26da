/**
 * JSON whose strings hold no character that a terminal obeys or that reorders what is read: these are
 * escaped, which changes no value. `JSON.stringify` itself escapes only U+0000 to U+001F.
 */
export function safeJson(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
