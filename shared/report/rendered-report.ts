import { analysisJson } from './analysis-document';
import { reportHtml } from './html';
import { safeJson } from './json-text';
import type { ReportInput } from './report-input';
import { analysisSarif } from './sarif';
import { analysisText } from './text';

/** The report in a format, in pieces for writing. `now` (milliseconds UTC) is printed in the HTML only. */
export function* renderedReport(
  input: ReportInput,
  format: 'text' | 'json' | 'sarif' | 'html',
  now: number,
): Generator<string> {
  switch (format) {
    case 'text':
      yield analysisText(input);
      return;
    case 'json':
      yield safeJson(analysisJson(input));
      return;
    case 'sarif':
      yield safeJson(analysisSarif(input));
      return;
    case 'html':
      yield* reportHtml(input, now);
  }
}
