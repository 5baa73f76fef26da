import { useState, type ReactElement } from 'react';
import type { Connection, ConnectionDraft } from '../../shared/ipc/live-schemas';
import { call } from '../bridge/call';
import { Button } from '../controls/button';
import { Modal } from '../controls/modal';
import { closeDialog } from '../stores/dialogs';
import { ConnectionForm } from './connection-form';
import { isWhole, secretPurpose } from './connection-kinds';
import { collectFrom, draftOf, newDraft, trying } from './live-actions';
import { useLive } from './live-store';
import { TestStages, useTest } from './test-stages';
import { WhatRuns } from './what-runs';

/** Describes a way to a node: new, changed, or copied from another. */
export function ConnectDialog({
  from,
  copy,
}: {
  from?: Connection | undefined;
  copy: boolean;
}): ReactElement {
  const [draft, setDraft] = useState<ConnectionDraft>(() =>
    from === undefined ? newDraft() : draftOf(from, copy),
  );
  const keyring = useLive((state) => state.live?.keyring.available ?? false);
  const [secret, setSecret] = useState('');
  const [keep, setKeep] = useState(from?.secret === 'kept');
  /** A secret that main holds already: it was handed over once and never comes back. */
  const [held, setHeld] = useState(!copy && from !== undefined && from.secret !== 'none');
  /** What a secret that main holds is for: that one, or one that a test has asked for. */
  const [heldFor, setHeldFor] = useState(() => secretPurpose(draft));
  const [showsWhat, setShowsWhat] = useState(false);
  const test = useTest();
  const editing = from !== undefined && !copy;
  const ready = isWhole(draft);
  const purpose = secretPurpose(draft);

  const handOver = async (): Promise<void> => {
    const { id } = draft;
    if (secret !== '') {
      await call('live:hold-secret', { id, secret, keep: keep && keyring });
      setSecret('');
      setHeld(true);
    } else if (heldFor !== purpose) {
      // A node never gets the passphrase of a key as the password of a user.
      await call('live:forget-secret', { id });
      setHeld(false);
    }
    setHeldFor(purpose);
  };
  const save = (): Promise<boolean> =>
    trying(async () => {
      await call('live:save-connection', { draft });
      await handOver();
      closeDialog();
    });
  const connect = async (): Promise<void> => {
    if (await save()) await collectFrom([draft.id]);
  };
  const close = (): void => {
    if (test.running) test.cancel();
    // What was typed for a connection that is not kept is not kept either, nor what a test asked for.
    if (!editing) void trying(() => call('live:forget-secret', { id: draft.id }));
    closeDialog();
  };

  if (showsWhat) return <WhatRuns what={draft.what} onBack={() => setShowsWhat(false)} />;
  return (
    <Modal
      title={editing ? 'Edit connection' : 'Connect to a node'}
      look="connect"
      onClose={close}
      foot={
        <>
          <Button
            look="push-end"
            isDisabled={!ready}
            onPress={() =>
              test.running
                ? test.cancel()
                : void trying(async () => {
                    await handOver();
                    await test.run(draft);
                  })
            }
          >
            {test.running ? 'Stop test' : 'Test connection'}
          </Button>
          <Button onPress={close}>Cancel</Button>
          <Button isDisabled={!ready} onPress={() => void save()}>
            Save
          </Button>
          <Button look="primary" isDisabled={!ready} onPress={() => void connect()}>
            Connect
          </Button>
        </>
      }
    >
      <form
        className="connection-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void connect();
        }}
      >
        <ConnectionForm
          draft={draft}
          onDraft={(next) => {
            setDraft(next);
            if (secretPurpose(next) !== purpose) setSecret('');
            test.clear();
          }}
          secret={secret}
          onSecret={setSecret}
          held={held && heldFor === purpose}
          keep={keep}
          onKeep={setKeep}
          onShowWhat={() => setShowsWhat(true)}
        />
        {/* Enter in a field connects. */}
        <button type="submit" hidden />
      </form>
      <TestStages test={test} />
    </Modal>
  );
}
