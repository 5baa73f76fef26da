import type { ReactElement } from 'react';
import { Button } from 'react-aria-components';
import type { TablePage } from '../../shared/ipc/table-schemas';
import { useCall } from '../bridge/use-call';
import { StatusMark } from '../controls/status-mark';
import { counted, cutMiddle } from '../controls/text';
import { useSnapshot } from '../stores/case';
import { select } from '../stores/navigation';

type Rows = TablePage['rows'];

/** The VFP ports of the snapshot; a node has a few hundred at most. */
export function usePorts(): {
  readonly rows: Rows;
  readonly columns: TablePage['columns'];
  readonly total: number;
  readonly known: boolean;
  readonly error: string | undefined;
  readonly empty: TablePage['empty'];
} {
  const { id: snapshotId } = useSnapshot();
  const { value, error } = useCall('table:page', {
    snapshotId,
    table: 'vfp-ports',
    filter: '',
    sort: null,
    offset: 0,
    limit: 500,
  });
  return {
    rows: value?.rows ?? [],
    columns: value?.columns ?? [],
    total: value?.total ?? 0,
    known: value !== undefined,
    error,
    empty: value?.empty,
  };
}

/** What one likely wants to see first: a port with a problem, else one that an endpoint is on. */
export function firstPort(rows: Rows): Rows[number] | undefined {
  return (
    rows.find(({ tone }) => tone === 'error') ??
    rows.find(({ tone }) => tone === 'warning') ??
    rows.find(({ cells }) => cells.slice(1).some(({ ref }) => ref?.kind === 'endpoint')) ??
    rows[0]
  );
}

/** The ports, each with what hangs on it. */
export function PortList({
  rows,
  columns,
  total,
  shown,
  onShow,
}: {
  rows: Rows;
  columns: TablePage['columns'];
  total: number;
  shown: string | null;
  onShow: (id: string) => void;
}): ReactElement {
  return (
    <div className="vfp-ports" role="group" aria-label="VFP ports">
      {rows.map((row) => {
        const { ref } = row;
        if (ref === undefined) return null;
        const textOf = (column: string): string =>
          row.cells[columns.findIndex(({ id }) => id === column)]?.text ?? '';
        // `10.244.19.29 · win-webserver-…`: whose port it is.
        const [name, pod] = (textOf('port') || ref.name).split(' · ');
        return (
          <Button
            key={row.key}
            className="choice"
            onPress={() => {
              onShow(ref.id);
              select(ref);
            }}
            {...(ref.id === shown ? { 'aria-current': 'true' } : {})}
          >
            <span>
              {row.tone === 'error' || row.tone === 'warning' ? (
                <StatusMark status={row.tone} size={9} label={row.tone} />
              ) : null}{' '}
              <span className="mono">{cutMiddle(name ?? ref.name, 26)}</span>
              {pod === undefined ? null : <span className="line-2">{cutMiddle(pod, 26)}</span>}
              <span className="line-2">
                {textOf('layers')} {textOf('layers') === '1' ? 'layer' : 'layers'} ·{' '}
                {textOf('rules')} rules
              </span>
            </span>
          </Button>
        );
      })}
      {total > rows.length ? (
        <p className="dim">{counted(total - rows.length, 'more port')} in the table</p>
      ) : null}
    </div>
  );
}
