import type { ReactElement } from 'react';
import type { ConnectionDraft, ConnectionKind } from '../../shared/ipc/live-schemas';
import { Disclosure } from '../controls/disclosure';
import { LinkButton } from '../controls/button';
import { Segmented } from '../controls/segmented';
import { TextField } from '../controls/text-field';
import { kindOf, kinds, needsUser, signInWays } from './kinds';
import { SignIn } from './sign-in';
import { WhatToCollect } from './what-to-collect';

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
}: {
  draft: ConnectionDraft;
  onDraft: (draft: ConnectionDraft) => void;
  secret: string;
  onSecret: (secret: string) => void;
  held: boolean;
  keep: boolean;
  onKeep: (keep: boolean) => void;
  onShowWhat: () => void;
}): ReactElement {
  const set = (changes: Partial<ConnectionDraft>): void => onDraft({ ...draft, ...changes });
  const { port, about } = kindOf(draft.kind);
  const ssh = draft.kind === 'ssh';
  return (
    <>
      <div>
        <Segmented<ConnectionKind>
          label="How to connect"
          options={kinds}
          value={draft.kind}
          onChange={(kind) => set({ kind, authentication: signInWays[kind][0].id })}
        />
        <p className="dim form-about">{about}</p>
      </div>
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
      <div className="form-row">
        <TextField
          label="User"
          look="grow"
          placeholder={ssh ? 'as ~/.ssh/config says, else yours' : 'DOMAIN\\user or user@domain'}
          isRequired={needsUser(draft)}
          value={draft.user}
          onChange={(user) => set({ user })}
        />
        <TextField
          label="Name in the list"
          look="grow"
          placeholder={draft.host === '' ? 'optional' : draft.host}
          value={draft.name}
          onChange={(name) => set({ name })}
        />
      </div>
      <SignIn
        draft={draft}
        onDraft={set}
        secret={secret}
        onSecret={onSecret}
        held={held}
        keep={keep}
        onKeep={onKeep}
      />
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
      <WhatToCollect what={draft.what} onWhat={(what) => set({ what })} />
      <p className="dim">
        The collector only reads. It installs nothing and leaves no file on the node.{' '}
        <LinkButton onPress={onShowWhat}>Show what will run</LinkButton>
      </p>
    </>
  );
}

function portOf(text: string): number | null {
  const port = Number(text.trim());
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null;
}
