import type { ReactElement } from 'react';
import { EvidenceDialog } from '../evidence/evidence-dialog';
import { NodeCaptureDialog } from '../live/capture-dialog';
import { ConnectDialog } from '../live/connect-dialog';
import { FollowDialog } from '../live/follow-dialog';
import { InsideDialog } from '../live/inside-dialog';
import { LegsDialog } from '../live/legs-dialog';
import { useLive } from '../live/live-store';
import { NodeActionDialog } from '../live/node-action-dialog';
import { QuestionDialog } from '../live/question-dialog';
import { Palette } from '../palette/palette';
import { currentSnapshot, useCase } from '../stores/case';
import { useDialog } from '../stores/dialogs';
import { AboutDialog } from './about-dialog';
import { ConfirmDialog } from './confirm-dialog';
import { RejectedDialog } from './rejected-dialog';
import { ShortcutsDialog } from './shortcuts-dialog';

/**
 * The dialog that is open. A question of the guards comes before any other; one of a node lies over
 * the dialog that it may be about.
 */
export function OpenDialogs(): ReactElement | null {
  const confirm = useCase((state) => state.confirm);
  const asked = useLive((state) => state.live?.questions[0]);
  if (confirm !== null) return <ConfirmDialog question={confirm} />;
  return (
    <>
      <OpenDialog />
      {asked === undefined ? null : <QuestionDialog key={asked.id} asked={asked} />}
    </>
  );
}

function OpenDialog(): ReactElement | null {
  const open = useDialog((state) => state.open);
  const hasNode = useCase((state) => currentSnapshot(state) !== undefined);
  switch (open?.kind) {
    case undefined:
      return null;
    case 'palette':
      return <Palette />;
    case 'shortcuts':
      return <ShortcutsDialog />;
    case 'about':
      return <AboutDialog />;
    case 'connect':
      return <ConnectDialog from={open.from} copy={open.copy} />;
    case 'node-action':
      return hasNode ? <NodeActionDialog nodeKey={open.key} action={open.action} /> : null;
    case 'follow':
      return hasNode ? <FollowDialog nodeKey={open.key} file={open.file} /> : null;
    case 'legs':
      return hasNode ? <LegsDialog snapshotId={open.snapshotId} /> : null;
    case 'inside': {
      const { kind: _kind, ...about } = open;
      return hasNode ? <InsideDialog {...about} /> : null;
    }
    case 'node-capture':
      return <NodeCaptureDialog key={open.key} nodeKey={open.key} />;
    case 'rejected':
      return <RejectedDialog />;
    case 'evidence':
      return hasNode ? <EvidenceDialog opened={open} /> : null;
  }
}
