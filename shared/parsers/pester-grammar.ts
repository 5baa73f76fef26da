import type { RolloutWait, TestResult } from '../model/system';
import type { LineAccount } from './line-account';
import { nestedValue } from './powershell/nested-value';
import { promptAt } from './powershell/prompt';
import type { TextLine } from './text-line';

const ANSI = /\u001b\[[0-9;]*[A-Za-z]/g;
const MARK = /^(\s*)\[([-+!?])\]\s+(\S.*)$/;
const DESCRIBING = /^\s*(?:Describing|Describe)\s+(\S.*?)\s*$/;
const CONTEXT = /^\s*Context\s+(\S.*?)\s*$/;
const DURATION = /\s(\d+(?:[.,]\d+)?)\s?(ms|s|m|h)(?:\s+\([^)]*\))?\s*$/;
const WAITING = /^\s*Waiting for the deployment\s+\(?([^)\s]+)\)?/;
const STEP = /^\s*(Checking|Testing|Pinging|Test-Connection)\b/;
const FRAME =
  /^\s*(Executing (all tests|script)|Starting discovery|Discovery (found|finished)|Running tests|Running tests from|Tests completed in|Tests Passed:|Passed:\s*\d+\s+Failed:|Pester v\d|Container Host OS|Checking for common problems|NotRun:)/i;
const RESULTS: ReadonlyMap<string, TestResult['result']> = new Map([
  ['+', 'passed'],
  ['-', 'failed'],
  ['!', 'skipped'],
  ['?', 'inconclusive'],
]);
const MILLISECONDS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** Is this line the beginning of something a Pester run prints? */
export const isPesterLine = (text: string): boolean => {
  const plain = text.replace(ANSI, '');
  return (
    MARK.test(plain) || DESCRIBING.test(plain) || /^\s*Starting discovery in \d+ file/.test(plain)
  );
};

export interface PesterRun {
  readonly tests: readonly TestResult[];
  readonly rollouts: readonly RolloutWait[];
}

interface OpenTest {
  readonly suite: string;
  readonly context: string | undefined;
  readonly result: TestResult['result'];
  readonly line: number;
  endLine: number;
  text: string;
  readonly message: string[];
}

/**
 * Reads Pester 3, 4 and 5 output. A console wraps long lines in the middle of words, so a line that
 * starts nothing goes on with the one above. Failure text and what the script prints between two
 * tests become the message of the test (printed lines belong to the test that reports after them).
 */
class PesterReader {
  private readonly tests: OpenTest[] = [];
  private readonly rollouts: RolloutWait[] = [];
  private suite = '';
  private context: string | undefined;
  private open: OpenTest | undefined;
  private wait: { text: string; readonly line: number; endLine: number } | undefined;
  /** Lines the script printed since the last test. */
  private printed: { text: string; readonly line: number }[] = [];

  constructor(private readonly account: LineAccount) {}

  read(lines: readonly TextLine[]): PesterRun {
    const last = lines.findLast(
      ({ text }) => isPesterLine(text) || WAITING.test(text) || STEP.test(text),
    );
    const first = lines.find(({ text }) => isPesterLine(text) || FRAME.test(text));
    for (const { n, text } of lines) {
      if (!first || n < first.n || promptAt(text)) continue;
      this.take(n, text.replace(ANSI, '').trimEnd(), n <= (last?.n ?? 0));
    }
    this.endWait();
    for (const { line } of this.printed) {
      this.account.note('truncated', 'The run ends before the test that prints this', line);
    }
    return { tests: this.tests.map((test) => this.finished(test)), rollouts: this.rollouts };
  }

  private take(n: number, text: string, inside: boolean): void {
    if (text.trim() === '') {
      if (this.wait && inside) return;
      this.open = undefined;
      return;
    }
    const mark = MARK.exec(text);
    const describing = DESCRIBING.exec(text);
    const context = CONTEXT.exec(text);
    if (mark) this.takeMark(n, mark[2] ?? '', mark[3] ?? '');
    else if (describing && !/^\s{6,}/.test(text)) {
      this.start(n);
      this.suite = describing[1] ?? '';
      this.context = undefined;
    } else if (context) {
      this.start(n);
      this.context = context[1];
    } else if (WAITING.test(text)) {
      this.start(n);
      this.wait = { text, line: n, endLine: n };
    } else if (FRAME.test(text)) this.start(n);
    else if (STEP.test(text)) {
      this.start(n);
      this.printed.push({ text: text.trim(), line: n });
    } else if (/^\s*Docker version:/.test(text)) this.takeVersion(n, text);
    else this.takeOther(n, text, inside);
  }

  private start(n: number): void {
    this.endWait();
    this.open = undefined;
    this.account.claim(n);
  }

  private takeMark(n: number, mark: string, text: string): void {
    this.start(n);
    const printed = this.printed.map((line) => line.text);
    this.printed = [];
    // Pester 5 also marks each file it ran.
    if (/\.ps1(\s|$)/i.test(text) && /^([A-Za-z]:)?[\\/]/.test(text)) return;
    this.open = {
      suite: this.suite,
      context: this.context,
      result: RESULTS.get(mark) ?? 'inconclusive',
      line: n,
      endLine: n,
      text,
      message: printed,
    };
    this.tests.push(this.open);
  }

  /** The debug script prints the version below the test of it. */
  private takeVersion(n: number, text: string): void {
    this.endWait();
    this.account.claim(n);
    const test = this.tests.at(-1);
    if (!test) return;
    test.message.push(text.trim());
    if (n === test.endLine + 1) test.endLine = n;
    this.open = undefined;
  }

  private takeOther(n: number, text: string, inside: boolean): void {
    if (this.wait && !this.wait.text.includes('}')) {
      this.account.claim(n);
      this.wait.text += text;
      this.wait.endLine = n;
      return;
    }
    const { open } = this;
    if (open && !DURATION.test(` ${open.text}`) && open.endLine === n - 1) {
      this.account.claim(n);
      open.text += text;
      open.endLine = n;
      return;
    }
    if (open && open.result !== 'passed' && open.endLine === n - 1) {
      this.account.claim(n);
      const before = open.message.at(-1);
      if (before !== undefined && /^\S/.test(text))
        open.message[open.message.length - 1] = `${before} ${text}`;
      else open.message.push(text.trim());
      open.endLine = n;
      return;
    }
    const before = this.printed.at(-1);
    if (!inside) return;
    this.account.claim(n);
    if (before && /^\S/.test(text)) before.text += text;
    else this.printed.push({ text: text.trim(), line: n });
  }

  /** `@{availableReplicas=2; ...}`: where the rollout stood while the script waited. */
  private endWait(): void {
    const { wait } = this;
    this.wait = undefined;
    if (!wait) return;
    const value = nestedValue(wait.text.slice(Math.max(0, wait.text.indexOf('@{'))));
    const numberOf = (name: string): number | undefined => {
      const field = value.kind === 'object' ? value.fields.get(name) : undefined;
      return field?.kind === 'text' && /^\d+$/.test(field.text) ? Number(field.text) : undefined;
    };
    const replicas = numberOf('replicas');
    this.rollouts.push({
      deployment: WAITING.exec(wait.text)?.[1] ?? '',
      replicas,
      // Kubernetes leaves a count of zero out.
      available: numberOf('availablereplicas') ?? (replicas === undefined ? undefined : 0),
      evidence: [this.account.at(wait.line, wait.endLine)],
    });
  }

  private finished(test: OpenTest): TestResult {
    const duration = DURATION.exec(` ${test.text}`);
    if (!duration) {
      this.account.note(
        'truncated',
        'The result line of a test ends early',
        test.line,
        test.endLine,
      );
    }
    const unit = MILLISECONDS.get(duration?.[2] ?? '') ?? 1;
    const amount = Number((duration?.[1] ?? '').replace(',', '.'));
    return {
      suite: test.suite,
      context: test.context,
      name: (duration ? ` ${test.text}`.slice(0, duration.index) : test.text).trim(),
      result: test.result,
      durationMs: duration ? Math.round(amount * unit) : undefined,
      message: test.message.length > 0 ? test.message.join('\n') : undefined,
      evidence: [this.account.at(test.line, test.endLine)],
    };
  }
}

/** Reads the Pester output in some lines; see PesterReader for the grammar. Lines read are claimed. */
export function readPester(lines: readonly TextLine[], account: LineAccount): PesterRun {
  return new PesterReader(account).read(lines);
}
