import { useState, type ReactElement } from 'react';
import type { ClusterDraft, ClusterNode } from '../../shared/ipc/live-schemas';
import { call, CallError, sentenceOf } from '../bridge/call';
import { Button } from '../controls/button';
import { Select } from '../controls/select';

/** Stands for the objects of the cluster alone. */
const noNode = 'none';

/** A Windows node of a cluster, by what its API says of it. */
export function NodeChoice({
  cluster,
  node,
  onNode,
}: {
  cluster: ClusterDraft;
  node: string;
  onNode: (node: string) => void;
}): ReactElement {
  const [nodes, setNodes] = useState<readonly ClusterNode[]>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const list = async (): Promise<void> => {
    setBusy(true);
    setProblem('');
    try {
      setNodes((await call('live:cluster-nodes', { cluster })).nodes);
    } catch (error) {
      if (!(error instanceof CallError && error.code === 'cancelled'))
        setProblem(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };
  const known = nodes ?? (node === '' ? [] : [{ name: node }]);
  return (
    <>
      <div className="form-row end">
        <Select
          label="Node"
          value={node === '' ? noNode : node}
          placeholder="No node"
          options={[
            {
              id: noNode,
              title: "None: the cluster's objects alone",
              detail: 'Nodes, pods, services, events: for steps 1 to 3',
            },
            ...known.map((each) => ({ id: each.name, title: each.name, detail: detailOf(each) })),
          ]}
          onChange={(id) => onNode(id === noNode ? '' : id)}
        />
        <Button isDisabled={busy} onPress={() => void list()}>
          {busy ? 'Asking…' : 'List nodes'}
        </Button>
      </div>
      {nodes?.length === 0 ? <p className="dim">The cluster has no Windows node.</p> : null}
      {problem === '' ? null : (
        <p role="alert" className="tone-error">
          {problem}
        </p>
      )}
    </>
  );
}

function detailOf({ address, osBuild, kubeletVersion, ready }: ClusterNode): string {
  return [
    address,
    osBuild === undefined ? undefined : `Windows ${osBuild}`,
    kubeletVersion === undefined ? undefined : `kubelet ${kubeletVersion}`,
    ready === false ? 'not ready' : undefined,
  ]
    .filter((each) => each !== undefined)
    .join(' · ');
}
