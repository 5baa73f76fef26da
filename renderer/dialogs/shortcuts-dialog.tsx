import type { ReactElement } from 'react';
import { commands } from '../commands/all';
import { shortcutText } from '../commands/shortcut';
import { Modal } from '../controls/modal';
import { isMac } from '../stores/app-info';
import { closeDialog } from '../stores/dialogs';

const groups = ['Go to', 'Case', 'View', 'Raw file', 'Help'] as const;

/** Keys that belong to one kind of view rather than to a command. */
const inViews = [
  { title: 'Paste evidence', keys: 'Ctrl+V' },
  { title: 'Move in a table, a list, the graph', keys: 'Arrow keys' },
  { title: 'Select, follow, open or fold a group', keys: 'Enter' },
  { title: 'Move a splitter', keys: 'Arrow keys' },
] as const;

export function ShortcutsDialog(): ReactElement {
  return (
    <Modal title="Keyboard shortcuts" look="wide" onClose={closeDialog}>
      <div className="shortcut-groups">
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h3 className="caption">{group}</h3>
            <ul>
              {commands.map((command) =>
                command.group !== group || command.shortcut === undefined ? null : (
                  <li key={command.id}>
                    <span>{command.title}</span>
                    <kbd>{shortcutText(command.shortcut, isMac())}</kbd>
                  </li>
                ),
              )}
            </ul>
          </section>
        ))}
        <section aria-label="In views">
          <h3 className="caption">In views</h3>
          <ul>
            {inViews.map(({ title, keys }) => (
              <li key={title}>
                <span>{title}</span>
                <kbd>{shortcutText(keys, isMac())}</kbd>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </Modal>
  );
}
