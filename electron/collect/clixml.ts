/**
 * Error text of PowerShell's standard error. When it is redirected, PowerShell writes a line
 * `#< CLIXML` and an XML document of records; anything else is text as it stands. The text is from
 * an untrusted machine: it is shown, never interpreted.
 */
export function powershellErrors(stderr: string): string {
  const at = stderr.indexOf('#< CLIXML');
  if (at === -1) return oneLine(stderr);
  const errors = [...stderr.slice(at).matchAll(/<S S="Error">([^<]*)<\/S>/g)].map((match) =>
    unescaped(match[1] ?? ''),
  );
  return oneLine(`${stderr.slice(0, at)} ${errors.join('')}`);
}

const oneLine = (text: string): string =>
  text
    .replace(/[\x00-\x1f\x7f\s]+/g, ' ')
    .trim()
    .slice(0, 2000);

/** CLIXML writes characters as `_xHHHH_`, XML as entities. */
function unescaped(text: string): string {
  return text
    .replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
