import { create } from 'zustand';
import type { EvidenceLink } from '../../shared/ipc/schemas';

/** The raw file in the drawer: which lines are shown and marked. */
interface Drawer {
  readonly target: EvidenceLink | null;
  /** Grows with every request, so that asking for the same line twice scrolls twice. */
  readonly request: number;
  readonly tool: 'none' | 'find' | 'go-to-line';
}

export const useDrawer = create<Drawer>(() => ({ target: null, request: 0, tool: 'none' }));

/** Opens a file in the drawer, at a line. */
export function openRaw(target: EvidenceLink): void {
  useDrawer.setState(({ request, tool, target: before }) => ({
    target,
    request: request + 1,
    tool: before?.file === target.file ? tool : 'none',
  }));
}

export function closeRaw(): void {
  useDrawer.setState({ target: null, tool: 'none' });
}

export function showRawTool(tool: Drawer['tool']): void {
  useDrawer.setState({ tool });
}
