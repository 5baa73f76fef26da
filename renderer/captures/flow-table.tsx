import { useState, type ReactElement } from 'react';
import type { FlowRowView } from '../../shared/ipc/capture-schemas';
import type { Args } from '../../shared/ipc/contract';
import { call, sentenceOf } from '../bridge/call';
import { usePages } from '../bridge/use-pages';
import { EmptyState, Unreadable } from '../controls/empty-state';
import { MiddleCut } from '../controls/middle-cut';
import { StatusMark } from '../controls/status-mark';
import { bytes, number } from '../controls/text';
import { useSnapshot } from '../stores/case';
import { useLayout } from '../stores/layout';
import { look, useCaptureLook } from '../stores/captures';
import { ListGrid, type ListColumn } from './list-grid';

type Sort = NonNullable<Args<'captures:flows'>['sort']>['column'];

const clock = (time: number): string => new Date(time).toISOString().slice(11, 23);

/** `0.42`, `12.0`, `310`: seconds with as many digits as matter. */
const seconds = (value: number): string =>
  value === 0
    ? '0'
    : value < 10
      ? value.toFixed(2)
      : value < 100
        ? value.toFixed(1)
        : value.toFixed(0);

function End({ end }: { end: FlowRowView['client'] }): ReactElement {
  const text = end.object === undefined ? end.text : `${end.object.name} ${end.text}`;
  return (
    <span className="cell-text flow-end" title={text}>
      {end.object === undefined || end.object.kind === 'endpoint' ? null : (
        <strong>
          <MiddleCut text={end.object.name.slice(end.object.name.lastIndexOf('/') + 1)} />
        </strong>
      )}
      <span className="mono">{end.text}</span>
    </span>
  );
}

/** `end`: how wide the ends of a flow are. */
const columnsFor = (end: number): readonly ListColumn<FlowRowView, Sort>[] => [
  {
    id: 'time',
    title: 'First packet',
    width: 104,
    mono: true,
    sort: 'time',
    cell: ({ time }) => clock(time),
  },
  {
    id: 'marks',
    title: 'What happened',
    width: 200,
    sort: 'trouble',
    largestFirst: true,
    cell: ({ marks }) => <Marks marks={marks} />,
  },
  {
    id: 'protocol',
    title: 'Protocol',
    width: 74,
    sort: 'protocol',
    cell: ({ protocol }) => protocol,
  },
  {
    id: 'client',
    title: 'Client',
    width: end,
    sort: 'client',
    cell: ({ client }) => <End end={client} />,
  },
  {
    id: 'server',
    title: 'Server',
    width: end,
    sort: 'server',
    cell: ({ server }) => <End end={server} />,
  },
  {
    id: 'packets',
    title: 'Packets',
    width: 84,
    end: true,
    sort: 'packets',
    largestFirst: true,
    cell: ({ packets: [there, back] }) => (
      <span title="from the client, from the server">
        {number(there)} + {number(back)}
      </span>
    ),
  },
  {
    id: 'bytes',
    title: 'Bytes',
    width: 72,
    end: true,
    sort: 'bytes',
    largestFirst: true,
    cell: (row) => bytes(row.bytes),
  },
  {
    id: 'seconds',
    title: 'Seconds',
    width: 74,
    end: true,
    sort: 'seconds',
    largestFirst: true,
    cell: (row) => seconds(row.seconds),
  },
  {
    id: 'tunnel',
    title: 'Tunnel, names',
    width: 300,
    cell: ({ tunnel, names }) => {
      const text = [tunnel, names].filter((part) => part !== '').join(' · ');
      return (
        <span className="cell-text" title={text}>
          {text}
        </span>
      );
    },
  },
];

function Marks({ marks }: { marks: FlowRowView['marks'] }): ReactElement | null {
  const [worst] = marks;
  if (worst === undefined) return null;
  const text = marks.map((mark) => mark.text).join(', ');
  return (
    <span className={`cell-text tone-${worst.tone} flow-marks`} title={text}>
      <StatusMark status={worst.tone} size={10} />
      {text}
    </span>
  );
}

const wideColumns = columnsFor(280);
const narrowColumns = columnsFor(250);

/** The flows that the filter and the span of time pick. */
export function FlowTable({ file }: { file: string }): ReactElement {
  const { id: snapshotId } = useSnapshot();
  const { filter, span, sort, flow } = useCaptureLook();
  const [total, setTotal] = useState(0);
  const narrow = useLayout((state) => state.narrow);
  const wanted = { snapshotId, file, filter, from: span?.from ?? null, to: span?.to ?? null, sort };
  const pages = usePages(JSON.stringify(wanted), async (offset, limit) => {
    const page = await call('captures:flows', { ...wanted, offset, limit });
    setTotal(page.total);
    return page;
  });
  const { matching } = pages;
  return (
    <section className="capture-flows grow" aria-label="Flows">
      {pages.error !== undefined && matching === undefined ? (
        <Unreadable message={sentenceOf(pages.error)} />
      ) : (
        <ListGrid<FlowRowView, Sort>
          label="Flows"
          columns={narrow ? narrowColumns : wideColumns}
          pages={pages}
          chosen={flow}
          keyOf={({ index }) => index}
          toneOf={({ marks }) => marks[0]?.tone}
          objectOf={({ client, server }) => ({
            ref: client.object ?? server.object,
            text: `${client.text} ${server.text}`,
          })}
          sort={sort}
          onSort={(next) => look({ sort: next })}
          onChoose={({ index }) => {
            if (index !== flow) look({ flow: index, packet: null });
          }}
          empty={
            <EmptyState
              title={total === 0 ? 'This capture holds no packets' : 'No flow passes the filter'}
              text={
                total === 0
                  ? 'It may have been stopped too early, or have captured events only.'
                  : 'Take words away, or widen the span of time.'
              }
            />
          }
        />
      )}
    </section>
  );
}
