/** Indentation deeper than this comes from ConvertTo-Json, which aligns to the key before. */
const usual = 24;

/**
 * The lines of a JSON text, indented by depth where its own indentation is so deep that values fall
 * out of sight. Only blanks at the start of lines change; numbers of lines stay.
 */
export function levelIndent(lines: readonly string[]): readonly string[] {
  const deepest = lines.reduce((most, line) => Math.max(most, line.search(/\S|$/)), 0);
  if (deepest <= usual) return lines;
  let depth = 0;
  return lines.map((line) => {
    const text = line.trimStart();
    const { opened, closedFirst } = bracketsOf(text);
    const shown = `${'  '.repeat(Math.max(0, depth - closedFirst))}${text}`;
    depth = Math.max(0, depth + opened);
    return shown;
  });
}

/** Brackets opened less those closed, and how many the line begins by closing; strings not counted. */
function bracketsOf(text: string): { readonly opened: number; readonly closedFirst: number } {
  let opened = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (inString) {
      if (char === '\\') at += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') opened += 1;
    else if (char === '}' || char === ']') opened -= 1;
  }
  return { opened, closedFirst: /^[}\]]+/.exec(text)?.[0].length ?? 0 };
}
