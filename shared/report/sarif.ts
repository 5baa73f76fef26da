import type { Severity } from '../model/finding';
import { analysisDocument } from './analysis-document';
import type { ReportInput } from './report-input';

const LEVEL: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

/**
 * The findings as SARIF 2.1.0 (OASIS), so that code scanning tools show them on the files of the
 * bundle. Paths are relative to the bundle and percent-encoded (RFC 3986).
 */
export function analysisSarif(input: ReportInput): string {
  const document = analysisDocument(input);
  const ids = [...new Set(document.findings.map((finding) => finding.ruleId))];
  const metaOf = new Map(input.rules.map((rule) => [rule.id, rule]));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: document.tool.name,
            semanticVersion: document.tool.version,
            rules: ids.map((id) => {
              const meta = metaOf.get(id);
              return {
                id,
                shortDescription: { text: meta?.title ?? id },
                fullDescription: { text: meta?.description ?? id },
                help: { text: meta?.impact ?? id },
                defaultConfiguration: { level: LEVEL[meta?.severity ?? 'warning'] },
              };
            }),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: document.findings.map((finding) => ({
          ruleId: finding.ruleId,
          ruleIndex: ids.indexOf(finding.ruleId),
          level: LEVEL[finding.severity],
          message: {
            text: [finding.title, finding.summary, finding.cause]
              .filter((part) => part !== '')
              .join('\n\n'),
          },
          locations: finding.evidence.map(({ file, line, endLine, excerpt }) => ({
            physicalLocation: {
              artifactLocation: { uri: uriOf(file) },
              region: { startLine: line, endLine, snippet: { text: excerpt } },
            },
          })),
          properties: {
            node: finding.node,
            snapshotId: finding.snapshotId,
            step: finding.step,
            causedBy: finding.causedBy,
            remedy: finding.remedy.map((remedy) => remedy.text),
          },
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

const uriOf = (path: string): string => path.split('/').map(encode).join('/');

/** Percent-encodes a segment; a lone surrogate, which has no UTF-8, becomes U+FFFD. */
function encode(segment: string): string {
  return encodeURIComponent(segment.replace(/[\ud800-\udfff]/gu, '\ufffd'));
}
