import { useEffect, type ReactElement } from 'react';
import type { EntityLink } from '../../shared/ipc/finding-schemas';
import type { ObjectView } from '../../shared/ipc/object-schemas';
import { useCall } from '../bridge/use-call';
import { Button, IconButton } from '../controls/button';
import { Icon } from '../controls/icons';
import { EntityLinks, EvidenceChips } from '../controls/links';
import { StatusMark, type Status } from '../controls/status-mark';
import { ReadAfresh } from '../live/on-this-node';
import { useSnapshot } from '../stores/case';
import { followSelection, openRaw } from '../stores/drawer';
import { copyText } from '../stores/evidence-actions';
import { useLayout } from '../stores/layout';
import { goTo, goToStep } from '../stores/navigation';
import { traceAbout, tracedKinds } from '../stores/trace';
import { tableOfKind } from '../tables/table-titles';
import { Contradictions } from './contradictions';
import { ObjectFindings } from './object-findings';
import { Properties } from './properties';

const tones: Readonly<Record<ObjectView['tone'], { status: Status; word: string }>> = {
  error: { status: 'error', word: 'broken' },
  warning: { status: 'warning', word: 'doubtful' },
  ok: { status: 'ok', word: 'nothing wrong found' },
  unknown: { status: 'not-checked', word: 'not checked' },
};

/** Everything known of the object that is selected. */
export function InspectorPane({
  selection,
  width,
  floating,
}: {
  selection: EntityLink;
  width: number;
  floating: boolean;
}): ReactElement {
  const { id: snapshotId } = useSnapshot();
  const close = useLayout((state) => state.closeInspector);
  const { value, error, loading } = useCall('object:get', {
    snapshotId,
    kind: selection.kind,
    id: selection.id,
  });
  return (
    <aside
      className={`inspector ${floating ? 'floating' : ''}`}
      style={{ width }}
      aria-label="Inspector"
      aria-busy={loading}
      data-region="inspector"
    >
      <div className="inspector-head">
        <div>
          {value === undefined || value === null ? (
            <h2>{selection.name}</h2>
          ) : (
            <>
              <div className={`inspector-tone tone-${tones[value.tone].status}`}>
                <StatusMark status={tones[value.tone].status} size={11} />
                {tones[value.tone].word}
              </div>
              <h2>{value.ref.name}</h2>
              <p className="dim">
                {[...new Set([value.kindText, value.subtitle])].filter(Boolean).join(' · ')}
              </p>
            </>
          )}
        </div>
        <IconButton label="Close inspector" onPress={close}>
          <Icon name="close" />
        </IconButton>
      </div>
      <div className="inspector-body" tabIndex={0} role="group" aria-label="Details">
        {error === undefined ? null : <p role="alert">{error}</p>}
        {value === null && !loading ? (
          <p className="dim">This object is not in the snapshot on screen.</p>
        ) : null}
        {value === undefined || value === null ? null : <Details object={value} />}
      </div>
    </aside>
  );
}

const inGraph = new Set<EntityLink['kind']>([
  'network',
  'endpoint',
  'load-balancer',
  'namespace',
  'compartment',
]);

function Details({ object }: { object: ObjectView }): ReactElement {
  const { ref, evidence } = object;
  const [first] = evidence;
  const table = tableOfKind[ref.kind];
  // The drawer follows the selection.
  useEffect(() => followSelection(first), [ref.kind, ref.id]);
  return (
    <>
      <div className="inspector-actions">
        <Button look="small" onPress={() => void copyText(ref.id, 'Id copied.')}>
          Copy id
        </Button>
        {first === undefined ? null : (
          <Button look="small" label="Show raw" onPress={() => openRaw(first)}>
            Raw
          </Button>
        )}
        {tracedKinds.has(ref.kind) ? (
          <Button
            look="small"
            label="Trace a packet of it"
            onPress={() => void traceAbout({ kind: 'object', object: ref.kind, id: ref.id })}
          >
            Trace
          </Button>
        ) : null}
        <ReadAfresh kind={ref.kind} name={ref.name} />
        {inGraph.has(ref.kind) ? (
          <Button look="small" label="Show in graph" onPress={() => goToStep(6, 'graph')}>
            Graph
          </Button>
        ) : null}
        {table === undefined ? null : (
          <Button
            look="small"
            label="Show in table"
            onPress={() => goTo({ kind: 'tables', table })}
          >
            Table
          </Button>
        )}
      </div>
      <Properties properties={object.properties} />
      <ObjectFindings indexes={object.findings} />
      <Contradictions contradictions={object.contradictions} />
      {object.related
        .filter(({ total }) => total > 0)
        .map((group) => (
          <section key={group.title} className="inspector-section">
            <h3 className="caption">{group.title}</h3>
            <p>
              <EntityLinks to={group.refs} />
              {group.total > group.refs.length ? (
                <span className="dim"> and {group.total - group.refs.length} more</span>
              ) : null}
            </p>
          </section>
        ))}
      {evidence.length === 0 ? null : (
        <section className="inspector-section">
          <h3 className="caption">Where it is written</h3>
          <EvidenceChips of={evidence} most={12} />
        </section>
      )}
    </>
  );
}
