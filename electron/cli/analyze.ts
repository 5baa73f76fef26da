import { writeFile } from 'node:fs/promises';
import type { Finding } from '../../shared/model/finding';
import type { ReportInput } from '../../shared/report/report-input';
import { renderedReport } from '../../shared/report/rendered-report';
import { RULES } from '../../shared/rules/catalogue';
import { loadCase, type LoadOptions } from '../analysis/load-case';
import { analyseInputs } from '../analysis/open-case';
import { TOOL } from '../analysis/tool';
import { refuseUnknown } from '../analysis/usable-case';
import { reasonOf, SourceError } from '../sources/source';
import type { AnalyzeCommand } from './arguments';
import { addEvidence } from './extra-evidence';
import type { Terminal } from './terminal';

/** Analyses what was named and writes the report. Gives the exit code. @throws SourceError for unusable input. */
export async function runAnalyze(command: AnalyzeCommand, terminal: Terminal): Promise<0 | 1> {
  const options: LoadOptions = {
    signal: new AbortController().signal,
    onProgress: ({ phase, file, filesDone, filesTotal }) => {
      if (file !== undefined) terminal.progress(`${phase} ${filesDone}/${filesTotal} ${file}`);
    },
    confirmLarge: ({ title, detail }) => {
      if (!command.allowLarge)
        terminal.warn(`${title}: ${detail} (--allow-large reads it all the same)`);
      return Promise.resolve(command.allowLarge);
    },
  };
  const loaded = await loadCase(command.paths, options);
  const extra = command.with.length === 0 ? undefined : await loadCase(command.with, options);
  await Promise.all([loaded.close(), extra?.close()]);
  refuseUnknown(loaded);
  for (const input of loaded.inputs) {
    if (input.scope === 'node' && !input.files.some((file) => file.kinds.length > 0)) {
      terminal.warn(`${input.name}: none of its files is known`);
    }
  }
  const more = extra?.inputs.flatMap((input) => input.files) ?? [];
  for (const file of more) {
    if (file.kinds.length === 0) terminal.warn(`${file.file.path}: not recognised, kept as text`);
  }
  const state = await analyseInputs(addEvidence(loaded.inputs, more), options.signal);
  terminal.progress(undefined);
  const report: ReportInput = {
    tool: TOOL,
    case: state.case,
    findings: state.findings,
    checks: state.checks,
    rules: RULES.map((rule) => rule.meta),
    rejected: [...loaded.rejected, ...(extra?.rejected ?? [])],
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
