import { call } from '../bridge/call';
import { readAppInfo } from '../stores/app-info';
import { useCase } from '../stores/case';
import { cancelOpening, chooseAndOpen, closeCase } from '../stores/case-actions';
import { showDialog } from '../stores/dialogs';
import { exportReport, undoEvidence } from '../stores/evidence-actions';
import { always, needsCase, type Command } from './command';

export const caseCommands: readonly Command[] = [
  {
    id: 'open-folder',
    title: 'Open folder…',
    group: 'Case',
    shortcut: 'Ctrl+O',
    enabled: always,
    run: () => chooseAndOpen('folder'),
  },
  {
    id: 'open-file',
    title: 'Open file…',
    group: 'Case',
    shortcut: 'Ctrl+Shift+O',
    enabled: always,
    run: () => chooseAndOpen('file'),
  },
  {
    id: 'add-evidence',
    title: 'Add evidence…',
    group: 'Case',
    shortcut: 'Ctrl+Shift+V',
    enabled: needsCase,
    run: () => showDialog({ kind: 'evidence' }),
  },
  {
    id: 'undo-evidence',
    title: 'Take back the evidence added last',
    group: 'Case',
    enabled: ({ canUndo }) => canUndo || 'No evidence was added.',
    run: undoEvidence,
  },
  {
    id: 'export-report',
    title: 'Export report as HTML…',
    group: 'Case',
    shortcut: 'Ctrl+E',
    enabled: needsCase,
    run: () => exportReport('html'),
  },
  {
    id: 'export-json',
    title: 'Export findings as JSON…',
    group: 'Case',
    enabled: needsCase,
    run: () => exportReport('json'),
  },
  {
    id: 'export-sarif',
    title: 'Export findings as SARIF…',
    group: 'Case',
    enabled: needsCase,
    run: () => exportReport('sarif'),
  },
  {
    id: 'export-text',
    title: 'Export findings as text…',
    group: 'Case',
    enabled: needsCase,
    run: () => exportReport('text'),
  },
  {
    id: 'cancel-opening',
    title: 'Cancel opening',
    group: 'Case',
    enabled: ({ loading }) => loading || 'Nothing is being opened.',
    run: cancelOpening,
  },
  {
    id: 'close-case',
    title: 'Close what is open',
    group: 'Case',
    shortcut: 'Ctrl+W',
    enabled: needsCase,
    run: closeCase,
  },
  {
    id: 'show-rejected',
    title: 'Show what was refused while opening',
    group: 'Case',
    enabled: () => (useCase.getState().summary?.rejected.length ?? 0) > 0 || 'Nothing was refused.',
    run: () => showDialog({ kind: 'rejected' }),
  },
  {
    id: 'clear-recent',
    title: 'Clear the list of recent items',
    group: 'Case',
    enabled: always,
    run: async () => {
      await call('app:clear-recent', {});
      await readAppInfo();
    },
  },
];
