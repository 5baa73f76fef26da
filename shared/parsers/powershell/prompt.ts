/** A prompt with the command typed at it: the echo that a pasted console carries. */
export interface PromptLine {
  /** `powershell`, `cmd`, or `shell` for a POSIX prompt. */
  readonly shell: 'powershell' | 'cmd' | 'shell';
  /** The working directory, as far as the prompt shows it. */
  readonly directory: string;
  /** What was typed; '' for an empty prompt. */
  readonly command: string;
}

const POWERSHELL = /^\s*(?:\[[^\]]*\]:?\s*)?PS(?:\s+([^>]{0,400}?))?>+\s?(.*)$/;
const CMD = /^\s*([A-Za-z]:\\[^<>|*?"]*)>\s?(.*)$/;
const POSIX = /^\s*(?:\([^)]*\)\s*)?(?:\[?[\w.-]+@[\w.-]+[: ][^\]#$]*\]?)[#$]\s(.*)$/;

/**
 * Reads a prompt line: `PS C:\k> hnsdiag list all`, `[node]: PS C:\> ...`, `C:\k>ipconfig`,
 * `root@master:~# kubectl ...`. Undefined for any other line.
 */
export function promptAt(text: string): PromptLine | undefined {
  if (!/[>#$]/.test(text)) return undefined;
  const powershell = POWERSHELL.exec(text);
  if (powershell) {
    return {
      shell: 'powershell',
      directory: (powershell[1] ?? '').trim(),
      command: (powershell[2] ?? '').trim(),
    };
  }
  const cmd = CMD.exec(text);
  if (cmd) {
    return { shell: 'cmd', directory: (cmd[1] ?? '').trim(), command: (cmd[2] ?? '').trim() };
  }
  const posix = POSIX.exec(text);
  if (posix) return { shell: 'shell', directory: '', command: (posix[1] ?? '').trim() };
  return undefined;
}
