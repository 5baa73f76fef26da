import { useEffect, useState, type ReactElement } from 'react';
import type { Result } from '../../shared/ipc/contract';
import type { CollectWhat } from '../../shared/ipc/live-schemas';
import { call } from '../bridge/call';
import { Button } from '../controls/button';
import { Modal } from '../controls/modal';
import { bytes } from '../controls/text';
import { copyText } from '../stores/evidence-actions';
import { saveScript, trying } from './live-actions';
import { RunsPart as Part } from './runs-part';

/** What runs on a node, byte for byte: command line, bootstrap, parameters, script. */
export function WhatRuns({
  what,
  onBack,
}: {
  what: CollectWhat;
  onBack: () => void;
}): ReactElement {
  const [runs, setRuns] = useState<Result<'live:what-runs'>>();
  useEffect(() => {
    void trying(async () => setRuns(await call('live:what-runs', { what })));
  }, [what]);
  return (
    <Modal
      title="What runs on the node"
      look="wide what-runs"
      onClose={onBack}
      foot={
        <>
          <Button look="push-end" onPress={() => void saveScript()}>
            Save script…
          </Button>
          <Button
            isDisabled={runs === undefined}
            onPress={() => void copyText(runs?.script ?? '', 'Script copied.')}
          >
            Copy script
          </Button>
          <Button look="primary" autoFocus onPress={onBack}>
            Back
          </Button>
        </>
      }
    >
      {runs === undefined ? null : (
        <>
          <p className="dim">
            This is all. Where encoded commands are blocked, save the script, review and sign it,
            run it by hand, and open its folder like any bundle.
          </p>
          <Part title="Command line" text={runs.command} look="short" />
          <Part title="Bootstrap: what the encoded command says" text={runs.bootstrap} />
          <Part
            title={`Standard input: the script below, packed, and its parameters (${bytes(runs.inputBytes)})`}
            text={runs.parameters}
            look="short"
          />
          <Part title={`Script, SHA-256 ${runs.sha256}`} text={runs.script} look="long" />
        </>
      )}
    </Modal>
  );
}
