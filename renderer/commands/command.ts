/** What commands know of the window when they say whether they can run. */
export interface CommandContext {
  readonly caseOpen: boolean;
  readonly loading: boolean;
  readonly rawOpen: boolean;
  readonly selected: boolean;
  readonly canUndo: boolean;
  readonly canGoBack: boolean;
  readonly canGoForward: boolean;
}

/** One action of the application, however it is reached. */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: 'Case' | 'Go to' | 'View' | 'Raw file' | 'Help';
  /** `Ctrl+Shift+O`; Ctrl is the command key on macOS. */
  readonly shortcut?: string;
  /** True, or a sentence that says why not. */
  readonly enabled: (context: CommandContext) => true | string;
  readonly run: () => void | Promise<void>;
  /** Not listed in the palette: it only makes sense by its key. */
  readonly keyOnly?: boolean;
}

/** For a command that can run at any time. */
export const always = (): true => true;

/** For a command that is about what is open. */
export const needsCase = ({ caseOpen }: CommandContext): true | string =>
  caseOpen || 'Open a bundle first.';

/** For a command of the drawer with the raw file. */
export const needsRawFile = ({ rawOpen }: CommandContext): true | string =>
  rawOpen || 'Open a raw file first.';

/** Runs the command unless it is disabled; says whether it ran. */
export function runIfEnabled(
  command: Command,
  context: CommandContext,
  refused: (why: string) => void = () => undefined,
): boolean {
  const enabled = command.enabled(context);
  if (enabled !== true) {
    refused(enabled);
    return false;
  }
  void command.run();
  return true;
}
