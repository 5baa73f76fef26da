import { useEffect, useRef, type ReactElement } from 'react';
import type { FlowRowView, PacketRowView } from '../../shared/ipc/capture-schemas';
import { call, sentenceOf } from '../bridge/call';
import { useCall } from '../bridge/use-call';
import { usePages } from '../bridge/use-pages';
import { Button, IconButton } from '../controls/button';
import { EmptyState, Unreadable } from '../controls/empty-state';
import { Icon } from '../controls/icons';
import { counted } from '../controls/text';
import { useSnapshot } from '../stores/case';
import { openTrace } from '../stores/trace';
import { look, useCaptureLook } from '../stores/captures';
import { ListGrid, type ListColumn } from './list-grid';
import { FlowRewrites } from './flow-rewrites';
import { PacketPane } from './packet-pane';

const text = (of: string): ReactElement => (
  <span className="cell-text" title={of}>
    {of}
  </span>
);

const columns: readonly ListColumn<PacketRowView, never>[] = [
  { id: 'time', title: 'Seconds', width: 92, end: true, mono: true, cell: ({ time }) => time },
  {
    id: 'way',
    title: 'Way',
    width: 44,
    cell: ({ from, to, fromClient }) => (
      <span title={`${from} to ${to}`} role="img" aria-label={`${from} to ${to}`}>
        {fromClient ? '→' : '←'}
      </span>
    ),
  },
  { id: 'length', title: 'Length', width: 62, end: true, cell: ({ length }) => length },
  {
    id: 'info',
    title: 'Packet',
    width: 340,
    cell: ({ info, note, protocol, tone }) => (
      <span className="cell-text" title={info}>
        {note === '' ? null : (
          <em className={`packet-note ${tone === undefined ? 'dim' : `tone-${tone}`}`}>{note} </em>
        )}
        {protocol === 'TCP' ? null : <span className="dim">{protocol} </span>}
        {info}
      </span>
    ),
  },
  { id: 'place', title: 'Captured at', width: 150, cell: ({ place }) => text(place) },
];

/** The packets of one flow, and beside them the one that is chosen. */
export function FlowDetail({ file, flow }: { file: string; flow: number }): ReactElement {
  const { id: snapshotId } = useSnapshot();
  const { span, packet } = useCaptureLook();
  const section = useRef<HTMLElement>(null);
  const wanted = {
    snapshotId,
    file,
    filter: '',
    from: span?.from ?? null,
    to: span?.to ?? null,
    flow,
  };
  const pages = usePages(JSON.stringify(wanted), (offset, limit) =>
    call('captures:packets', { ...wanted, offset, limit }),
  );
  const row = useCall('captures:flow', { snapshotId, file, index: flow }).value;
  // The first packet of a flow is shown at once.
  const first = pages.at(0)?.index;
  useEffect(() => {
    if (packet === null && first !== undefined) look({ packet: first });
  }, [packet, first]);
  return (
    <section ref={section} className="flow-detail" aria-label="Packets of the flow">
      <FlowHead row={row ?? undefined} packets={pages.matching} />
      <FlowRewrites file={file} flow={flow} />
      <div className="flow-panes">
        {pages.error !== undefined && pages.matching === undefined ? (
          <Unreadable message={sentenceOf(pages.error)} />
        ) : (
          <ListGrid<PacketRowView>
            label="Packets"
            columns={columns}
            pages={pages}
            chosen={packet}
            keyOf={({ index }) => index}
            toneOf={({ tone }) => tone}
            onChoose={({ index }) => look({ packet: index })}
            empty={<EmptyState title="No packet of this flow lies in the span of time" />}
          />
        )}
        {packet === null ? (
          <div className="packet-pane" />
        ) : (
          <PacketPane file={file} index={packet} />
        )}
      </div>
    </section>
  );
}

function FlowHead({
  row,
  packets,
}: {
  row: FlowRowView | undefined;
  packets: number | undefined;
}): ReactElement {
  const trace = row?.trace;
  return (
    <div className="flow-head">
      {row === undefined ? null : (
        <h2>
          {row.protocol} <span className="mono">{row.client.text}</span>
          <Icon name="arrow" size={12} />
          <span className="mono">{row.server.text}</span>
        </h2>
      )}
      {packets === undefined ? null : (
        <span className="dim tabular">{counted(packets, 'packet')}</span>
      )}
      <span className="push" />
      {trace === undefined ? null : (
        <Button look="small" onPress={() => openTrace(trace)}>
          <Icon name="arrow" size={12} />
          Trace this flow
        </Button>
      )}
      <IconButton label="Close the packets" onPress={() => look({ flow: null, packet: null })}>
        <Icon name="close" size={12} />
      </IconButton>
    </div>
  );
}
