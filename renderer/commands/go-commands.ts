import { currentSnapshot, useCase } from '../stores/case';
import { showDialog } from '../stores/dialogs';
import {
  goTo,
  goToStep,
  useNavigation,
  walkBack,
  walkForward,
  type Place,
} from '../stores/navigation';
import { askForTrace, traceAbout } from '../stores/trace';
import { stepTitles, steps } from '../steps/step-titles';
import { needsCase, type Command } from './command';

const view = (id: string, title: string, place: Place): Command => ({
  id,
  title,
  group: 'Go to',
  enabled: needsCase,
  run: () => goTo(place),
});

export const goCommands: readonly Command[] = [
  {
    id: 'search',
    title: 'Search and commands…',
    group: 'Go to',
    shortcut: 'Ctrl+K',
    enabled: () => true,
    run: () => showDialog({ kind: 'palette' }),
  },
  ...steps.map((step): Command => ({
    id: `step-${step}`,
    title: `Step ${step}: ${stepTitles[step].title}`,
    group: 'Go to',
    shortcut: `Ctrl+${step}`,
    enabled: needsCase,
    run: () => goToStep(step),
  })),
  {
    id: 'trace',
    title: 'Trace a packet…',
    group: 'Go to',
    shortcut: 'Ctrl+T',
    enabled: needsCase,
    run: askForTrace,
  },
  {
    id: 'trace-selection',
    title: 'Trace a packet of what is selected',
    group: 'Go to',
    shortcut: 'Ctrl+Shift+T',
    enabled: ({ selected }) => selected || 'Nothing is selected.',
    run: async () => {
      const { selection } = useNavigation.getState().walk.present;
      if (selection !== null)
        await traceAbout({ kind: 'object', object: selection.kind, id: selection.id });
    },
  },
  {
    id: 'hns-graph',
    title: 'HNS graph',
    group: 'Go to',
    shortcut: 'Ctrl+Shift+G',
    enabled: needsCase,
    run: () => goToStep(6, 'graph'),
  },
  view('files', 'Files', { kind: 'files' }),
  view('load-balancers', 'Load balancers', { kind: 'balancers' }),
  view('vfp', 'VFP', { kind: 'vfp' }),
  view('tables', 'Tables', { kind: 'tables', table: 'endpoints' }),
  {
    id: 'contradictions',
    title: 'Contradictions',
    group: 'Go to',
    enabled: (context) =>
      context.caseOpen
        ? (currentSnapshot(useCase.getState())?.counts.contradictions ?? 0) > 0 ||
          'The files do not contradict each other.'
        : needsCase(context),
    run: () => goTo({ kind: 'tables', table: 'contradictions' }),
  },
  view('learn', 'Learn', { kind: 'learn' }),
  {
    id: 'back',
    title: 'Back to the selection before',
    group: 'Go to',
    shortcut: 'Alt+Left',
    enabled: ({ canGoBack }) => canGoBack || 'There is nothing to go back to.',
    run: walkBack,
  },
  {
    id: 'forward',
    title: 'Forward to the next selection',
    group: 'Go to',
    shortcut: 'Alt+Right',
    enabled: ({ canGoForward }) => canGoForward || 'There is nothing to go forward to.',
    run: walkForward,
  },
];
