/**
 * A command line that cmd.exe, PowerShell and sh read alike: no quotes, no `%`, no `$`.
 * @param text what PowerShell runs; base64 of UTF-16LE is what `-EncodedCommand` takes
 */
export function encodedCommand(text: string): string {
  const code = Buffer.from(text, 'utf16le').toString('base64');
  return `powershell.exe -NoLogo -NoProfile -NonInteractive -EncodedCommand ${code}`;
}
