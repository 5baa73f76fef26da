import type { ReactElement } from 'react';
import type { ConnectionDraft, ConnectionKind } from '../../shared/ipc/live-schemas';
import { LinkButton } from '../controls/button';
import { Segmented } from '../controls/segmented';
import { useAppInfo } from '../stores/app-info';
import { kindOf, kinds, signInWays } from './connection-kinds';
import { KubernetesFields } from './kubernetes-fields';
import { NodeFields } from './node-fields';
import { WhatToCollect } from './what-to-collect';

/** What the fields of a secret need. */
export interface SecretProps {
  readonly secret: string;
  readonly onSecret: (secret: string) => void;
  /** Main has it already. */
  readonly held: boolean;
  readonly keep: boolean;
  readonly onKeep: (keep: boolean) => void;
}

/** The fields of a connection. */
export function ConnectionForm({
  draft,
  onDraft,
  secret,
  onSecret,
  held,
  keep,
  onKeep,
  onShowWhat,
}: SecretProps & {
  draft: ConnectionDraft;
  onDraft: (draft: ConnectionDraft) => void;
  onShowWhat: () => void;
}): ReactElement {
  const set = (changes: Partial<ConnectionDraft>): void => onDraft({ ...draft, ...changes });
  const { about } = kindOf(draft.kind);
  const platform = useAppInfo((state) => state.info?.platform);
  return (
    <>
      <div>
        <Segmented<ConnectionKind>
          label="How to connect"
          options={kinds.filter(
            ({ id, onlyOn }) => id === draft.kind || (onlyOn ?? platform) === platform,
          )}
          value={draft.kind}
          onChange={(kind) => set({ kind, authentication: signInWays[kind][0].id })}
        />
        <p className="dim form-about">{about}</p>
      </div>
      {draft.kind === 'kubernetes' ? (
        <KubernetesFields draft={draft} onDraft={set} />
      ) : (
        <NodeFields {...{ draft, secret, onSecret, held, keep, onKeep }} onDraft={set} />
      )}
      <WhatToCollect what={draft.what} onWhat={(what) => set({ what })} />
      <p className="dim">
        The collector only reads. It installs nothing and leaves no file on the node.{' '}
        <LinkButton onPress={onShowWhat}>Show what will run</LinkButton>
      </p>
    </>
  );
}
