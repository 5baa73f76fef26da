import { create } from 'zustand';
import type { Settings } from '../../shared/ipc/app-schemas';
import { call } from '../bridge/call';

/** Below this width the inspector closes itself and floats when asked for. */
export const narrowWidth = 1180;

interface Layout {
  readonly settings: Settings;
  readonly narrow: boolean;
  /** Whether the inspector floats over a narrow window just now. */
  readonly floating: boolean;
  setNarrow(narrow: boolean): void;
  /** Takes over what main says. */
  take(settings: Settings): void;
  /** Changes settings here at once and in main soon after. */
  change(changes: Partial<Settings>): void;
  toggleInspector(): void;
  revealInspector(): void;
  closeInspector(): void;
}

const initial: Settings = {
  theme: 'system',
  inspectorOpen: true,
  inspectorWidth: 348,
  railWidth: 268,
  drawerHeight: 260,
  learnOpen: false,
  rawWrap: false,
};

let unsaved: Partial<Settings> = {};
let timer: ReturnType<typeof setTimeout> | undefined;

function saveSoon(changes: Partial<Settings>): void {
  unsaved = { ...unsaved, ...changes };
  clearTimeout(timer);
  timer = setTimeout(() => {
    const sent = unsaved;
    unsaved = {};
    void call('app:set-settings', sent).catch(() => undefined);
  }, 250);
}

/** Sizes and preferences that are remembered. */
export const useLayout = create<Layout>((set, get) => ({
  settings: initial,
  narrow: false,
  floating: false,
  setNarrow: (narrow) => set({ narrow, floating: false }),
  take: (settings) => set({ settings: { ...settings, ...unsaved } }),
  change: (changes) => {
    set(({ settings }) => ({ settings: { ...settings, ...changes } }));
    saveSoon(changes);
  },
  toggleInspector: () => {
    const { narrow, floating, settings, change } = get();
    if (narrow) set({ floating: !floating });
    else change({ inspectorOpen: !settings.inspectorOpen });
  },
  revealInspector: () => {
    const { narrow, settings, change } = get();
    if (narrow) set({ floating: true });
    else if (!settings.inspectorOpen) change({ inspectorOpen: true });
  },
  closeInspector: () => {
    const { narrow, change } = get();
    if (narrow) set({ floating: false });
    else change({ inspectorOpen: false });
  },
}));

/** Whether the inspector is on screen, given that something is selected. */
export function inspectorShown(layout: Layout): boolean {
  return layout.narrow ? layout.floating : layout.settings.inspectorOpen;
}
