import type { ReactElement } from 'react';
import type { ConnectionDraft } from '../../shared/ipc/live-schemas';
import { TextField } from '../controls/text-field';
import { ClusterChoice } from './cluster-choice';
import { NodeChoice } from './node-choice';

/** The fields of a way through the API server of a cluster. */
export function KubernetesFields({
  draft,
  onDraft,
}: {
  draft: ConnectionDraft;
  onDraft: (changes: Partial<ConnectionDraft>) => void;
}): ReactElement {
  const cluster = draft.cluster ?? { kubeconfig: null, context: '' };
  return (
    <>
      <ClusterChoice cluster={cluster} onCluster={(next) => onDraft({ cluster: next, host: '' })} />
      <NodeChoice
        key={`${cluster.kubeconfig?.token} ${cluster.context}`}
        cluster={cluster}
        node={draft.host}
        onNode={(host) => onDraft({ host, cluster })}
      />
      <TextField
        label="Name in the list"
        placeholder={draft.host === '' ? 'optional' : draft.host}
        value={draft.name}
        onChange={(name) => onDraft({ name })}
      />
    </>
  );
}
