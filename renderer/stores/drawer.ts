import { create } from 'zustand';
import type { EvidenceLink } from '../../shared/ipc/finding-schemas';

/** The raw file in the drawer: which lines are shown and marked. */
interface Drawer {
  readonly target: EvidenceLink | null;
  /** Grows with every request, so that asking for the same line twice scrolls twice. */
  readonly request: number;
  readonly tool: 'none' | 'find' | 'go-to-line';
  /** `request` as it was when the selection changed last. */
  readonly requestAtSelection: number;
}

export const useDrawer = create<Drawer>(() => ({
  target: null,
  request: 0,
  tool: 'none',
  requestAtSelection: -1,
}));

/** Opens a file in the drawer, at a line. */
export function openRaw(target: EvidenceLink): void {
  useDrawer.setState(({ request, tool, target: before }) => ({
    target,
    request: request + 1,
    tool: before?.file === target.file ? tool : 'none',
  }));
}

/** The selection changed: an open drawer follows it, unless lines are asked for meanwhile. */
export function noteSelection(): void {
  useDrawer.setState(({ request }) => ({ requestAtSelection: request }));
}

/** Shows where the selected object is written, if the drawer is open and waits for that. */
export function followSelection(first: EvidenceLink | undefined): void {
  const { target, request, requestAtSelection } = useDrawer.getState();
  if (first !== undefined && target !== null && request === requestAtSelection) openRaw(first);
}

export function closeRaw(): void {
  useDrawer.setState({ target: null, tool: 'none' });
}

export function showRawTool(tool: Drawer['tool']): void {
  useDrawer.setState({ tool });
}
