import type { ReactElement } from 'react';
import type { ConnectionDraft } from '../../shared/ipc/live-schemas';
import { Checkbox } from '../controls/checkbox';
import { Disclosure } from '../controls/disclosure';
import { TextField } from '../controls/text-field';
import { ClusterChoice } from './cluster-choice';
import type { SecretProps } from './connection-form';
import { kindOf, needsUser } from './connection-kinds';
import { SignIn } from './sign-in';

/** The fields of a node that is reached by its own address. */
export function NodeFields({
  draft,
  onDraft: set,
  secret,
  onSecret,
  held,
  keep,
  onKeep,
}: SecretProps & {
  draft: ConnectionDraft;
  onDraft: (changes: Partial<ConnectionDraft>) => void;
}): ReactElement {
  const { port } = kindOf(draft.kind);
  const ssh = draft.kind === 'ssh';
  const here = draft.kind === 'this-computer';
  /** Windows remoting and this computer take who is signed in here. */
  const asOneself = here || draft.kind === 'windows-remoting';
  return (
    <>
      {here ? null : (
        <div className="form-row">
          <TextField
            label="Address"
            look="grow"
            placeholder="Name or IP address of the node"
            isRequired
            autoFocus
            value={draft.host}
            onChange={(host) => set({ host: host.trim() })}
          />
          <TextField
            label="Port"
            look="short"
            placeholder={String(port)}
            value={draft.port === null ? '' : String(draft.port)}
            onChange={(text) => set({ port: portOf(text) })}
          />
        </div>
      )}
      <div className="form-row">
        {asOneself ? null : (
          <TextField
            label="User"
            look="grow"
            placeholder={ssh ? 'as ~/.ssh/config says, else yours' : 'DOMAIN\\user or user@domain'}
            isRequired={needsUser(draft)}
            value={draft.user}
            onChange={(user) => set({ user })}
          />
        )}
        <TextField
          label="Name in the list"
          look="grow"
          placeholder={draft.host === '' ? 'optional' : draft.host}
          value={draft.name}
          onChange={(name) => set({ name })}
        />
      </div>
      {asOneself ? null : (
        <SignIn
          draft={draft}
          onDraft={set}
          secret={secret}
          onSecret={onSecret}
          held={held}
          keep={keep}
          onKeep={onKeep}
        />
      )}
      {ssh ? (
        <Disclosure title="Jump host" startsOpen={draft.jump !== ''}>
          <TextField
            label="Through"
            placeholder="user@host:port, several apart by commas"
            hint="Without one, ProxyJump of ~/.ssh/config counts. The keys of all hosts are checked."
            value={draft.jump}
            onChange={(jump) => set({ jump })}
          />
        </Disclosure>
      ) : null}
      <Disclosure title="Kubernetes objects of its cluster" startsOpen={draft.cluster !== null}>
        <div className="cluster-of-node">
          <Checkbox
            isSelected={draft.cluster !== null}
            onChange={(on) => set({ cluster: on ? { kubeconfig: null, context: '' } : null })}
          >
            Read nodes, pods, services and events from the API server, too
          </Checkbox>
          {draft.cluster === null ? null : (
            <ClusterChoice cluster={draft.cluster} onCluster={(cluster) => set({ cluster })} />
          )}
        </div>
      </Disclosure>
    </>
  );
}

function portOf(text: string): number | null {
  const port = Number(text.trim());
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null;
}
