import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/**
 * Asks on the terminal. The question goes to standard error, since standard output may be a file; a
 * secret is read without echo. Undefined when there is no terminal or the operator ends the input.
 */
export async function askOnTerminal(
  question: string,
  secret: boolean,
): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const silent = new Writable({ write: (_bytes, _encoding, done) => done() });
  const reader = createInterface({
    input: process.stdin,
    output: secret ? silent : process.stderr,
    terminal: true,
    historySize: 0,
  });
  // Not before the terminal has stopped to echo: who answers at once would show a secret.
  process.stderr.write(question.replace(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/g, ' '));
  try {
    return await new Promise<string | undefined>((resolve) => {
      reader.once('line', resolve);
      reader.once('SIGINT', () => resolve(undefined));
      reader.once('close', () => resolve(undefined));
    });
  } finally {
    reader.close();
    if (secret) process.stderr.write('\n');
  }
}
