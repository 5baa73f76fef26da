import { useState, type ReactElement } from 'react';
import { useCall } from '../bridge/use-call';
import { Button } from '../controls/button';
import { Unreadable } from '../controls/empty-state';
import { Modal } from '../controls/modal';
import { closeDialog } from '../stores/dialogs';
import { ContainerSelect } from './container-select';
import { LegList } from './leg-list';
import { doOnNode } from './node-action';

/** Which connections are tested, of those that a node and a pod of it should have; then what will run. */
export function LegsDialog({ snapshotId }: { snapshotId: string }): ReactElement {
  /** Null: the first container; `none`: no container at all. */
  const [from, setFrom] = useState<string | null>(null);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const { value, error } = useCall('live-action:legs', {
    snapshotId,
    from: from === 'none' ? null : from,
  });
  const container = from === 'none' ? null : (value?.from ?? null);
  const lookupName = ({ name, server }: { name: string; server: string }): string =>
    `Host asks ${server} for ${name}`;
  const withoutFrom = (test: string): string => test.replace(/ \(from [^)]*\)$/, '');
  const legs = (value?.legs ?? []).filter(({ name }) => !left.has(name));
  const lookups = (value?.lookups ?? []).filter((each) => !left.has(lookupName(each)));
  const asks = (container === null ? [] : (value?.asks ?? [])).filter(
    ({ test }) => !left.has(withoutFrom(test)),
  );
  const nothing = legs.length + lookups.length + asks.length === 0;
  return (
    <Modal
      title="What to test"
      look="wide legs"
      onClose={closeDialog}
      foot={
        <>
          <Button onPress={closeDialog}>Cancel</Button>
          <Button
            look="primary"
            isDisabled={nothing}
            onPress={() => doOnNode({ kind: 'connections', legs, lookups, asks })}
          >
            Show what will run…
          </Button>
        </>
      }
    >
      {error === undefined ? null : <Unreadable message={error} />}
      {value === undefined ? null : (
        <>
          <p>
            What the snapshot shows that should be reached. Each takes seconds, one after another.
          </p>
          <LegList
            title="From the node"
            legs={value.legs.map(({ name }) => name)}
            left={left}
            onLeft={setLeft}
          />
          <LegList
            title="Names, asked by the node"
            legs={value.lookups.map(lookupName)}
            left={left}
            onLeft={setLeft}
          />
          <div className="form-row">
            <ContainerSelect
              label="From inside of a pod"
              noneTitle="No pod"
              containers={value.containers}
              value={container}
              onChange={(id) => setFrom(id ?? 'none')}
            />
          </div>
          {value.containers.length === 0 ? (
            <p className="dim">
              The snapshot names no container of a pod. Lists of containers come with step 3, pods
              with the objects of the cluster.
            </p>
          ) : null}
          {container === null ? null : (
            <LegList
              title="From the pod"
              legs={value.asks.map(({ test }) => withoutFrom(test))}
              left={left}
              onLeft={setLeft}
            />
          )}
          {value.legs.length + value.lookups.length + value.asks.length === 0 ? (
            <p className="dim">The snapshot shows no pod and no service to connect to.</p>
          ) : null}
        </>
      )}
    </Modal>
  );
}
