import { visible } from '../../shared/report/text';
import { askOnTerminal } from './ask';

/** Where the command line speaks. */
export interface Terminal {
  /** Standard output. Resolves when everything is handed on; a reader that went away ends it quietly. */
  write(pieces: Iterable<string>): Promise<void>;
  /** A line on standard error. */
  warn(message: string): void;
  /** What is being done, on one line that is overwritten; only where somebody can see it. */
  progress(text: string | undefined): void;
  /** Asks the operator; a secret is not shown while it is typed. Undefined where nobody can answer. */
  ask(question: string, secret: boolean): Promise<string | undefined>;
}

const EVERY_MILLISECONDS = 100;

/** The process's own streams. */
export function processTerminal(): Terminal {
  let shown = false;
  let last = 0;
  const clear = (): void => {
    if (shown) process.stderr.write('\r\u001b[K');
    shown = false;
  };
  let gone = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `| head` closes the pipe: nobody reads on, which is no failure.
    if (error.code !== 'EPIPE') throw error;
    gone = true;
  });
  return {
    write: async (pieces) => {
      clear();
      for (const piece of pieces) {
        if (gone) return;
        await new Promise<void>((resolve) => process.stdout.write(piece, () => resolve()));
      }
    },
    warn: (message) => {
      clear();
      // Names of files and texts of a node stand in it: they never command the terminal.
      process.stderr.write(`hns-workbench: ${visible(message.replace(/\s*\n\s*/g, ' '))}\n`);
    },
    progress: (text) => {
      if (text === undefined) return clear();
      const now = Date.now();
      if (!process.stderr.isTTY || now - last < EVERY_MILLISECONDS) return;
      last = now;
      // A terminal that does not know its width says 0.
      const columns = (process.stderr.columns || 80) - 1;
      clear();
      process.stderr.write(text.replace(/[^\x20-\x7e]/g, '?').slice(0, columns));
      shown = true;
    },
    ask: (question, secret) => {
      clear();
      return askOnTerminal(question, secret);
    },
  };
}
