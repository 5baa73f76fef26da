import {
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type ReactElement,
  type RefObject,
} from 'react';
import { useCall } from '../bridge/use-call';
import { Button, IconButton } from '../controls/button';
import { EmptyState, Unreadable } from '../controls/empty-state';
import { FilterField } from '../controls/filter-field';
import { Icon } from '../controls/icons';
import { Segmented } from '../controls/segmented';
import { StatusMark } from '../controls/status-mark';
import { useSnapshot } from '../stores/case';
import { select, useSelection } from '../stores/navigation';
import { GraphList } from './graph-list';
import { GraphStage, type Wish } from './graph-stage';
import { graphViewOf } from './graph-view';

type Show = 'all' | 'problems' | 'selected';

/** The HNS graph: load balancer to endpoint to compartment, read like a sentence. */
export default function HnsGraph(): ReactElement {
  const { id: snapshotId } = useSnapshot();
  const selection = useSelection();
  const [show, setShow] = useState<Show>('all');
  const [locality, setLocality] = useState<'local' | 'all'>('all');
  const [filter, setFilter] = useState('');
  const [expanded, setExpanded] = useState<readonly string[]>([]);
  const [asList, setAsList] = useState<'picture' | 'list'>('picture');
  const [wish, setWish] = useState<Wish>({ kind: 'fit', count: 0 });
  const wishFor = (kind: Wish['kind']): void =>
    setWish(({ count }) => ({ kind, count: count + 1 }));
  const body = useRef<HTMLDivElement>(null);
  const room = useRoom(body);
  const { value: page, error } = useCall(
    'graph:hns',
    room === 0
      ? null
      : {
          snapshotId,
          show,
          locality,
          // What is selected is never folded away, and is the middle of "Selected ± 1".
          focus: selection,
          expanded: [...expanded],
          filter,
          room,
        },
  );
  const graph = useMemo(() => (page === undefined ? undefined : graphViewOf(page)), [page]);
  const openGroup = (id: string): void =>
    setExpanded((before) => [...before.filter((each) => each !== id), id]);
  if (error !== undefined) return <Unreadable message={error} />;
  return (
    <div ref={body} className="page-body fill">
      <div className="graph-toolbar">
        <Segmented<Show>
          label="Which objects"
          value={show}
          onChange={setShow}
          options={[
            { id: 'all', title: 'All' },
            { id: 'problems', title: 'Problems' },
            { id: 'selected', title: 'Selected ± 1' },
          ]}
        />
        <Segmented<'local' | 'all'>
          label="Where endpoints are"
          value={locality}
          onChange={setLocality}
          options={[
            { id: 'local', title: 'Local' },
            { id: 'all', title: 'Local + remote' },
          ]}
        />
        <FilterField label="Filter graph" value={filter} onChange={setFilter} width={100} />
        {expanded.length === 0 ? null : (
          <Button look="small" onPress={() => setExpanded([])}>
            Fold groups
          </Button>
        )}
        <span className="push graph-look">
          <Segmented<'picture' | 'list'>
            label="As"
            value={asList}
            onChange={setAsList}
            options={[
              { id: 'picture', title: 'Picture' },
              { id: 'list', title: 'List' },
            ]}
          />
          {asList === 'list' ? null : (
            <>
              <IconButton label="Zoom out" onPress={() => wishFor('out')}>
                <Icon name="minus" />
              </IconButton>
              <IconButton label="Zoom in" onPress={() => wishFor('in')}>
                <Icon name="plus" />
              </IconButton>
              <Button look="small" onPress={() => wishFor('fit')}>
                Fit
              </Button>
            </>
          )}
        </span>
      </div>
      {graph === undefined ? (
        <div className="graph-stage card grow" />
      ) : graph.nodes.length === 0 ? (
        <NothingToDraw show={show} hasFilter={filter !== ''} selected={selection !== null} />
      ) : asList === 'list' ? (
        <GraphList
          graph={graph}
          onSelect={(ref, reveal) => select(ref, { reveal })}
          onOpenGroup={openGroup}
        />
      ) : (
        <GraphStage
          graph={graph}
          selection={selection}
          wish={wish}
          onSelect={(ref, reveal) => select(ref, { reveal })}
          onOpenGroup={openGroup}
        />
      )}
      <Legend note={graph?.note} counts={graph?.counts} />
    </div>
  );
}

/** Padding of the page and margins of the picture. */
const besides = 84;
/** A step wide enough that dragging a splitter does not ask for every pixel. */
const step = 20;

/** How wide the picture can be without being made smaller. */
function useRoom(body: RefObject<HTMLElement | null>): number {
  const [room, setRoom] = useState(0);
  useLayoutEffect(() => {
    const box = body.current;
    if (box === null) return;
    const measure = (): void =>
      setRoom(Math.max(0, Math.floor((box.clientWidth - besides) / step) * step));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, [body]);
  return room;
}

function NothingToDraw({
  show,
  hasFilter,
  selected,
}: {
  show: Show;
  hasFilter: boolean;
  selected: boolean;
}): ReactElement {
  if (hasFilter) return <EmptyState title="No object matches the filter" />;
  if (show === 'selected' && !selected) {
    return (
      <EmptyState
        title="Nothing is selected"
        text="Select an object in a table, a finding or the graph; here it stands with its neighbours."
      />
    );
  }
  if (show === 'problems') {
    return <EmptyState title="No object of the graph has a problem" text="No finding names one." />;
  }
  return (
    <EmptyState
      title="No HNS objects here"
      text="Networks, endpoints and policies come from these lists."
      command="Get-HnsNetwork | ConvertTo-Json -Depth 10; Get-HnsEndpoint | ConvertTo-Json -Depth 10; Get-HnsPolicyList | ConvertTo-Json -Depth 10"
    />
  );
}

function Legend({
  note,
  counts,
}: {
  note: string | undefined;
  counts: string | undefined;
}): ReactElement {
  return (
    <div className="graph-legend">
      <span>
        <i className="dot" /> healthy
      </span>
      <span>
        <StatusMark status="error" size={10} /> broken
      </span>
      <span>
        <i className="dashed" /> link missing or broken
      </span>
      {note === undefined ? null : <span>{note}</span>}
      <span className="push tabular">{counts}</span>
    </div>
  );
}
