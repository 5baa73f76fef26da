import { writeFile } from 'node:fs/promises';
import type { Finding } from '../../shared/model/finding';
import type { ReportInput } from '../../shared/report/report-input';
import { renderedReport } from '../../shared/report/rendered-report';
import { RULES } from '../../shared/rules/catalogue';
import { analyseInputs } from '../analysis/open-case';
import { TOOL } from '../analysis/tool';
import { reasonOf, SourceError } from '../sources/source';
import type { AnalyzeCommand } from './arguments';
import { loadInputs } from './load-inputs';
import type { Terminal } from './terminal';

/** Analyses what was named and writes the report. Gives the exit code. @throws SourceError for unusable input. */
export async function runAnalyze(command: AnalyzeCommand, terminal: Terminal): Promise<0 | 1> {
  const { inputs, rejected, signal } = await loadInputs(command, terminal);
  const state = await analyseInputs(inputs, signal);
  terminal.progress(undefined);
  const report: ReportInput = {
    tool: TOOL,
    case: state.case,
    findings: state.findings,
    checks: state.checks,
    rules: RULES.map((rule) => rule.meta),
    rejected,
  };
  const pieces = renderedReport(report, command.format, Date.now());
  if (command.output === undefined) await terminal.write(pieces);
  else await writeReport(command.output, pieces);
  return fails(state.findings, command.failOn) ? 1 : 0;
}

async function writeReport(file: string, pieces: Iterable<string>): Promise<void> {
  await writeFile(file, pieces).catch((error: unknown) => {
    throw new SourceError(`${file} cannot be written: ${reasonOf(error)}`);
  });
}

function fails(findings: readonly Finding[], level: AnalyzeCommand['failOn']): boolean {
  switch (level) {
    case 'never':
      return false;
    case 'error':
      return findings.some((finding) => finding.severity === 'error');
    case 'warning':
      return findings.some((finding) => finding.severity !== 'info');
  }
}
