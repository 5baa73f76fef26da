/** What of a keyboard event counts. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** Whether a key press is `shortcut` (`Ctrl+Shift+O`, `Alt+Left`, `F6`). */
export function matches(shortcut: string, press: KeyPress, mac: boolean): boolean {
  const parts = shortcut.split('+');
  const key = parts.at(-1) ?? '';
  const wants = (name: string): boolean => parts.slice(0, -1).includes(name);
  const control = mac ? press.metaKey : press.ctrlKey;
  const other = mac ? press.ctrlKey : press.metaKey;
  return (
    control === wants('Ctrl') &&
    !other &&
    press.shiftKey === wants('Shift') &&
    press.altKey === wants('Alt') &&
    press.key.toLowerCase() === (keyNames.get(key) ?? key).toLowerCase()
  );
}

const keyNames = new Map([
  ['Left', 'ArrowLeft'],
  ['Right', 'ArrowRight'],
  ['Esc', 'Escape'],
]);

/** A shortcut as this system writes it. */
export function shortcutText(shortcut: string, mac: boolean): string {
  if (!mac) return shortcut;
  return shortcut
    .replace('Ctrl+', '⌘')
    .replace('Shift+', '⇧')
    .replace('Alt+', '⌥')
    .replace('Left', '←')
    .replace('Right', '→');
}
