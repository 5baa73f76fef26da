import { mkdirSync } from 'node:fs';
import { run } from '../run';
import type { Terminal } from '../terminal';

/** What a command said, and how it ended. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: readonly string[];
  /** Questions, in order. */
  readonly asked: readonly string[];
}

/** Runs a command line as a user would; `answer` is typed at every question. */
export async function cli(args: readonly string[], answer?: string): Promise<Ran> {
  let out = '';
  const err: string[] = [];
  const asked: string[] = [];
  const terminal: Terminal = {
    write: (pieces) => {
      for (const piece of pieces) out += piece;
      return Promise.resolve();
    },
    warn: (message) => err.push(message),
    progress: () => undefined,
    ask: (question) => {
      asked.push(question);
      return Promise.resolve(answer);
    },
  };
  return { code: await run(args, terminal), out, err, asked };
}

/** What tests read of an analysis as JSON. */
export interface Report {
  readonly findings: readonly {
    readonly ruleId: string;
    readonly summary: string;
    readonly evidence: readonly { readonly file: string; readonly line: number }[];
  }[];
  readonly checks: readonly { readonly ruleId: string; readonly status: string }[];
  readonly nodes: readonly { readonly files: readonly { readonly path: string }[] }[];
}

/** The analysis of a bundle. @throws SyntaxError where the command printed no JSON. */
export const analyzed = async (file: string): Promise<Report> =>
  JSON.parse((await cli(['analyze', file, '--format', 'json'])).out) as Report;

/** Not what compares logs with the time of the collection: a made-up node read live is of 2024, and read now. */
export const isTimeless = ({ ruleId }: { readonly ruleId: string }): boolean =>
  ruleId !== 'LOG-STALE';

/** Findings with what proves them, under the names that files have inside of any bundle. */
export const found = ({ findings }: Report): readonly unknown[] =>
  findings
    .filter(isTimeless)
    .map(({ ruleId, summary, evidence }) => [
      ruleId,
      summary,
      evidence.map(({ file, line }) => [file.replace(/^.*!\//, ''), line]),
    ]);

/** Makes a folder the home of this process: none of the user's keys, hosts and settings are seen. */
export function liveIn(pathOf: (name: string) => string): void {
  process.env['HOME'] = pathOf('home');
  process.env['XDG_CONFIG_HOME'] = pathOf('home/.config');
  process.env['TMPDIR'] = pathOf('tmp');
  delete process.env['SSH_AUTH_SOCK'];
  delete process.env['KUBECONFIG'];
  mkdirSync(pathOf('home'));
  mkdirSync(pathOf('tmp'));
}
