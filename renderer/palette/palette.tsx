import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import type { SearchResult } from '../../shared/ipc/object-schemas';
import { call } from '../bridge/call';
import { commandContext } from '../commands/context';
import { shortcutText } from '../commands/shortcut';
import { Icon } from '../controls/icons';
import { isMac } from '../stores/app-info';
import { currentSnapshot, useCase } from '../stores/case';
import { closeDialog } from '../stores/dialogs';
import { commandEntries, resultEntries, type PaletteEntry } from './palette-entries';

const pauseMs = 110;
const groupTitles = {
  objects: 'Objects',
  findings: 'Findings',
  rules: 'Rules',
  files: 'Files',
  text: 'In files',
  commands: 'Commands',
} as const;

/** Finds objects, IPs, GUIDs, rules, files and findings of the snapshot, and commands. */
export function Palette(): ReactElement {
  const id = useId();
  const snapshotId = useCase((state) => currentSnapshot(state)?.id ?? null);
  const [text, setText] = useState('');
  const [results, setResults] = useState<readonly SearchResult[]>([]);
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const [context] = useState(commandContext);

  useEffect(() => {
    const wanted = text.trim();
    if (snapshotId === null || wanted.length < 2 || wanted.startsWith('>')) {
      setResults([]);
      return;
    }
    let current = true;
    const timer = setTimeout(() => {
      call('search', { snapshotId, text: wanted, limit: 60 }).then(
        (answer) => {
          if (current) setResults(answer.results);
        },
        () => undefined,
      );
    }, pauseMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [snapshotId, text]);

  const entries = [...resultEntries(results), ...commandEntries(text, context)];
  const at = Math.min(active, Math.max(0, entries.length - 1));
  useEffect(() => {
    list.current?.querySelector(`[data-index="${at}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const run = (entry: PaletteEntry | undefined): void => {
    if (entry === undefined || entry.disabled !== undefined) return;
    closeDialog();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const by = event.key === 'ArrowDown' ? 1 : -1;
      setActive((at + by + entries.length) % Math.max(1, entries.length));
    } else if (event.key === 'Enter') run(entries[at]);
    else return;
    event.preventDefault();
  };

  const groups = [...new Set(entries.map(({ group }) => group))];
  return (
    <ModalOverlay
      className="modal-overlay top"
      isOpen
      isDismissable
      onOpenChange={(open) => {
        if (!open) closeDialog();
      }}
    >
      <Modal className="modal wide">
        <Dialog className="dialog palette" aria-label="Search and commands">
          <div className="search">
            <Icon name="search" size={16} />
            <input
              autoFocus
              type="search"
              role="combobox"
              aria-label="Search and commands"
              aria-expanded="true"
              aria-controls={`${id}-list`}
              aria-autocomplete="list"
              aria-activedescendant={entries.length === 0 ? undefined : `${id}-${at}`}
              placeholder={
                snapshotId === null
                  ? 'Search commands'
                  : 'Search objects, IPs, GUIDs, rules, files; > for commands'
              }
              value={text}
              onChange={(event) => {
                setText(event.target.value);
                setActive(0);
              }}
              onKeyDown={onKeyDown}
            />
          </div>
          <div
            ref={list}
            id={`${id}-list`}
            className="palette-list"
            role="listbox"
            tabIndex={-1}
            aria-label="Results"
          >
            {groups.map((group) => (
              <div key={group} role="group" aria-labelledby={`${id}-${group}`}>
                <div className="caption palette-group" id={`${id}-${group}`} role="presentation">
                  {groupTitles[group]}
                </div>
                {entries.map((entry, index) =>
                  entry.group !== group ? null : (
                    <div
                      key={entry.key}
                      id={`${id}-${index}`}
                      data-index={index}
                      role="option"
                      aria-selected={index === at}
                      aria-disabled={entry.disabled !== undefined}
                      className="palette-item"
                      onPointerMove={() => setActive(index)}
                      onClick={() => run(entry)}
                    >
                      <span className="text">
                        <span>{entry.title}</span>
                        {entry.subtitle === '' ? null : (
                          <span className="line-2">{entry.disabled ?? entry.subtitle}</span>
                        )}
                      </span>
                      {entry.shortcut === undefined ? null : (
                        <kbd>{shortcutText(entry.shortcut, isMac())}</kbd>
                      )}
                    </div>
                  ),
                )}
              </div>
            ))}
          </div>
          {entries.length === 0 ? <p className="palette-none dim">Nothing found.</p> : null}
          <div className="palette-foot" aria-hidden="true">
            <span>↑↓ choose</span>
            <span>Enter open</span>
            <span>Esc close</span>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
