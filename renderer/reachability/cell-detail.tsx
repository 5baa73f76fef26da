import type { ReactElement } from 'react';
import type { ReachabilityCellView } from '../../shared/ipc/reachability-schemas';
import { Button } from '../controls/button';
import { StatusMark } from '../controls/status-mark';

/** The cell one is at, in words, with the way to its trace. */
export function CellDetail({
  cell,
  onOpen,
}: {
  cell: ReachabilityCellView | null;
  onOpen: () => void;
}): ReactElement {
  return (
    <section className="cell-detail" aria-label="Chosen cell">
      {cell === null ? (
        <p className="dim">Nothing to ask here: a pod and itself, or addresses of two families.</p>
      ) : (
        <>
          <StatusMark status={cell.tone} size={12} />
          <p className="selectable">
            <strong>
              {cell.from} → {cell.to}
            </strong>
            <br />
            <span className={`tone-${cell.tone}`}>{cell.title}</span>
            {cell.ways > 1 ? (
              <span className="dim tabular">
                {' '}
                ·{' '}
                {cell.lost === 0
                  ? `all ${cell.ways} ways`
                  : `lost on ${cell.lost} of ${cell.ways} ways`}
              </span>
            ) : null}
            <span className="dim"> · {cell.text}</span>
          </p>
          <Button onPress={onOpen}>Open trace</Button>
        </>
      )}
    </section>
  );
}
