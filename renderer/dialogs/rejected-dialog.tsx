import type { ReactElement } from 'react';
import { Modal } from '../controls/modal';
import { useCase } from '../stores/case';
import { closeDialog } from '../stores/dialogs';

/** Entries that were refused or could not be read, and why; all others were read. */
export function RejectedDialog(): ReactElement {
  const rejected = useCase((state) => state.summary?.rejected ?? []);
  return (
    <Modal title="Refused while opening" look="wide" onClose={closeDialog}>
      <p className="dim">These entries were left out. Everything else was read.</p>
      <ul className="rejected-list">
        {rejected.map((entry, index) => (
          <li key={index}>
            <code>{entry.path}</code>
            <div className="dim">{entry.reason}</div>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
