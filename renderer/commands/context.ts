import { useCase } from '../stores/case';
import { useDrawer } from '../stores/drawer';
import { useNavigation } from '../stores/navigation';
import type { CommandContext } from './command';

/** What the window is like just now. */
export function commandContext(): CommandContext {
  const { summary, opening } = useCase.getState();
  const { walk } = useNavigation.getState();
  return {
    caseOpen: summary !== null && opening === null,
    loading: opening !== null,
    rawOpen: useDrawer.getState().target !== null,
    selected: walk.present.selection !== null,
    canUndo: summary?.canUndo ?? false,
    canGoBack: walk.past.length > 0,
    canGoForward: walk.future.length > 0,
  };
}
