import type { ReactElement } from 'react';
import type { EvidenceLink } from '../../shared/ipc/finding-schemas';
import type { TablePage } from '../../shared/ipc/table-schemas';
import { MiddleCut } from '../controls/middle-cut';
import { StatusMark } from '../controls/status-mark';
import { evidenceText } from '../controls/text';

type Column = TablePage['columns'][number];
type Cell = TablePage['rows'][number]['cells'][number];

/** One cell: text, coloured by its tone, a link where it names an object or lines. */
export function GridCell({
  id,
  column,
  index,
  width,
  cell,
  source,
  active,
  onPress,
}: {
  id: string;
  column: Column | undefined;
  index: number;
  width: number;
  cell: Cell | undefined;
  source: EvidenceLink | undefined;
  active: boolean;
  /** `follow`: a link was pressed rather than the row. */
  onPress: (follow: boolean) => void;
}): ReactElement {
  // A row has one line: what was written in several is shown in one.
  const text =
    source === undefined ? (cell?.text ?? '').replace(/\s*\n\s*/g, ' ') : evidenceText(source);
  const isEvidence = source !== undefined || cell?.evidence !== undefined;
  // One dash for what is not known, in every column.
  const mono = source !== undefined || (text !== '—' && (cell?.mono ?? column?.mono ?? false));
  const link = source !== undefined || cell?.ref !== undefined || cell?.evidence !== undefined;
  const tone = cell?.tone;
  return (
    <div
      id={id}
      role="gridcell"
      aria-colindex={index + 1}
      className={`grid-cell ${column?.align === 'end' ? 'end' : ''} ${active ? 'active' : ''}`}
      style={{ width }}
      onClick={() => onPress(false)}
    >
      {tone === undefined || tone === 'dim' ? null : <StatusMark status={tone} size={10} />}
      <span
        className={`cell-text ${mono ? 'mono' : ''} ${tone === undefined ? '' : `tone-${tone}`} ${link ? 'cell-link' : ''}`}
        onClick={(event) => {
          if (!link) return;
          event.stopPropagation();
          onPress(true);
        }}
      >
        {isEvidence ? (
          <MiddleCut text={text} at={text.lastIndexOf(':')} />
        ) : column?.middle === true ? (
          <MiddleCut text={text} />
        ) : (
          text
        )}
      </span>
    </div>
  );
}
