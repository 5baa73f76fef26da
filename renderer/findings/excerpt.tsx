import type { ReactElement } from 'react';
import type { FindingView } from '../../shared/ipc/finding-schemas';
import { EvidenceChip } from '../controls/links';
import { counted } from '../controls/text';

type Excerpt = FindingView['evidence'][number];

/** An excerpt is read for its words; what all its lines begin with is only distance. */
function withoutCommonIndent(lines: readonly string[]): readonly string[] {
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
  const common = Math.min(...indents);
  return Number.isFinite(common) ? lines.map((line) => line.slice(common)) : lines;
}

/** Lines of a file, numbered and marked, with the way to the file itself. */
export function ExcerptLines({ excerpt }: { excerpt: Excerpt }): ReactElement {
  const missing = excerpt.endLine - excerpt.line + 1 - excerpt.lines.length;
  return (
    <figure className="excerpt" aria-label={`Lines of ${excerpt.file}`}>
      <figcaption className="excerpt-head">
        <span className="mono">{excerpt.file}</span>
        <EvidenceChip to={excerpt} />
      </figcaption>
      {excerpt.lines.length === 0 ? null : (
        <div className="excerpt-lines scroll" tabIndex={0} role="group" aria-label="Excerpt">
          {withoutCommonIndent(excerpt.lines).map((line, index) => (
            <div key={index}>
              <span className="at tabular">{excerpt.line + index}</span>
              <span className="text">{line}</span>
            </div>
          ))}
          {missing > 0 ? (
            <div className="more">
              <span className="at" />
              <span className="text dim">{counted(missing, 'more line')} in the file</span>
            </div>
          ) : null}
        </div>
      )}
    </figure>
  );
}
