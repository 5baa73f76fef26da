import { z } from 'zod';
import { settings as settingsSchema, type Settings } from '../../shared/ipc/app-schemas';
import { JsonFile } from './json-file';

const defaults: Settings = {
  theme: 'system',
  inspectorOpen: true,
  inspectorWidth: 348,
  railWidth: 268,
  drawerHeight: 260,
  learnOpen: false,
  rawWrap: false,
};

const bounds = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
});
const windowState = z.object({ bounds: bounds.nullable(), maximized: z.boolean() });
/** Where the window was when it closed. */
export type WindowState = z.infer<typeof windowState>;

// A setting that is missing or makes no sense gets its default; the others are kept.
const lenientSettings = z.object({
  theme: settingsSchema.shape.theme.catch(defaults.theme),
  inspectorOpen: z.boolean().catch(defaults.inspectorOpen),
  inspectorWidth: z.number().min(160).max(2000).catch(defaults.inspectorWidth),
  railWidth: z.number().min(120).max(1000).catch(defaults.railWidth),
  drawerHeight: z.number().min(80).max(2000).catch(defaults.drawerHeight),
  learnOpen: z.boolean().catch(defaults.learnOpen),
  rawWrap: z.boolean().catch(defaults.rawWrap),
});
const stored = z.object({
  settings: lenientSettings.catch(defaults),
  window: windowState.catch({ bounds: null, maximized: false }),
});

/** What the user set, and where the window was, kept in one file of the profile. */
export class SettingsStore {
  readonly #file: JsonFile<z.infer<typeof stored>>;

  constructor(file: string) {
    this.#file = new JsonFile(file, stored, {
      settings: defaults,
      window: { bounds: null, maximized: false },
    });
  }

  get settings(): Settings {
    return this.#file.value.settings;
  }

  get window(): WindowState {
    return this.#file.value.window;
  }

  /** Changes the given settings; returns them all. */
  update(changes: { readonly [K in keyof Settings]?: Settings[K] | undefined }): Settings {
    const settings = lenientSettings.parse({ ...this.settings, ...changes });
    this.#file.set({ ...this.#file.value, settings });
    return settings;
  }

  rememberWindow(window: WindowState): void {
    this.#file.set({ ...this.#file.value, window });
  }
}
