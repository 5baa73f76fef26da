import { useState, type ReactElement } from 'react';
import type { ChainView } from '../../shared/ipc/chain-schemas';
import { useCall } from '../bridge/use-call';
import { EmptyState, Unreadable } from '../controls/empty-state';
import { useSnapshot } from '../stores/case';
import { ChainCard } from './chain-card';

/** The four symptoms, each a chain of links; the broken one is where to look. */
export function SymptomPaths(): ReactElement {
  const { id: snapshotId } = useSnapshot();
  const answers = [
    useCall('chains:get', { snapshotId, symptom: 'inter-node' }),
    useCall('chains:get', { snapshotId, symptom: 'outbound' }),
    useCall('chains:get', { snapshotId, symptom: 'services' }),
    useCall('chains:get', { snapshotId, symptom: 'dns' }),
  ];
  const error = answers.find((answer) => answer.error !== undefined)?.error;
  if (error !== undefined) return <Unreadable message={error} />;
  const values = answers.flatMap(({ value }) => (value === undefined ? [] : [value.chains]));
  // All at once: a path that appears above another would make it jump.
  if (values.length < answers.length) return <div className="page-body" />;
  return (
    <div className="page-body">
      {values.every((chains) => chains.length === 0) ? (
        <EmptyState
          title="No path could be followed"
          text="The paths need networks, endpoints and policies of the node."
          command=".\collectlogs.ps1"
        />
      ) : null}
      {values.map(([first, ...others]) =>
        first === undefined ? null : (
          <SymptomChains key={first.symptom} chains={[first, ...others]} />
        ),
      )}
    </div>
  );
}

const rank = { error: 0, warning: 1, ok: 2, 'not-checked': 3 } as const;

/** One symptom: one chain, or one of several (a service each), the worst first. */
function SymptomChains({ chains }: { chains: readonly ChainView[] }): ReactElement | null {
  const ordered = [...chains].sort((a, b) => rank[a.status] - rank[b.status]);
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = ordered.find(({ id }) => id === chosen) ?? ordered[0];
  if (shown === undefined) return null;
  return <ChainCard chain={shown} siblings={ordered} onShow={setChosen} />;
}
