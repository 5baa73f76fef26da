import type { ReactElement } from 'react';
import type { CniDocument } from '../../shared/ipc/file-schemas';
import { call } from '../bridge/call';
import { LinkButton } from '../controls/button';
import { EvidenceChip } from '../controls/links';
import { StatusMark } from '../controls/status-mark';
import { counted } from '../controls/text';
import { goToFinding } from '../stores/navigation';
import { levelIndent } from './level-indent';

type Annotation = CniDocument['annotations'][number];

/** One file: its text on the left, remarks at their lines on the right. */
export function CniDocumentCard({ document }: { document: CniDocument }): ReactElement {
  const problems = document.annotations.filter(
    ({ severity }) => severity === 'error' || severity === 'warning',
  ).length;
  const last = document.from + document.lines.length - 1;
  return (
    <section className="card cni" aria-label={document.title}>
      <div className="cni-head">
        <h2>{document.title}</h2>
        <span className="dim">
          {problems === 0 ? 'no problem marked' : counted(problems, 'problem')}
        </span>
        <span className="push" />
        <EvidenceChip to={{ file: document.path, line: document.from, endLine: last }} />
      </div>
      <div className="cni-lines" tabIndex={0} role="group" aria-label={`Text of ${document.title}`}>
        {levelIndent(document.lines).map((text, index) => {
          const line = document.from + index;
          const remarks = document.annotations.filter((each) => each.line === line);
          const worst = remarks.find(({ severity }) => severity === 'error') ?? remarks[0];
          return (
            <div key={line} className={`cni-line ${worst?.severity ?? ''}`}>
              <span className="at tabular">{line}</span>
              <span className="text">{text}</span>
              {remarks.length === 0 ? null : (
                <span className="remarks">
                  {remarks.map((remark, at) => (
                    <Remark key={at} remark={remark} />
                  ))}
                </span>
              )}
            </div>
          );
        })}
      </div>
    </section>
  );
}

function Remark({ remark }: { remark: Annotation }): ReactElement {
  const { finding } = remark;
  const show = async (index: number): Promise<void> => {
    const found = await call('finding:get', { index });
    if (found !== null) goToFinding(found);
  };
  return (
    <span className="remark">
      <StatusMark status={remark.severity} size={11} label={remark.severity} />
      <span>
        {finding === undefined ? (
          remark.message
        ) : (
          <LinkButton onPress={() => void show(finding)}>{remark.message}</LinkButton>
        )}
        {remark.expected === undefined || remark.severity === 'ok' ? null : (
          <span className="expected">
            <span className="dim">expected </span>
            <code>{remark.expected}</code>
          </span>
        )}
      </span>
    </span>
  );
}
