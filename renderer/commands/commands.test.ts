import { describe, expect, it } from 'vitest';
import { commands } from './all';
import { runIfEnabled, type Command, type CommandContext } from './command';
import { matches, shortcutText, type KeyPress } from './shortcut';

const nothingOpen: CommandContext = {
  caseOpen: false,
  loading: false,
  rawOpen: false,
  selected: false,
  canUndo: false,
  canGoBack: false,
  canGoForward: false,
};
const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});
const byId = (id: string): Command => {
  const found = commands.find((command) => command.id === id);
  if (found === undefined) throw new Error(`no command ${id}`);
  return found;
};

describe('commands', () => {
  it('have ids and shortcuts of their own', () => {
    const ids = commands.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const shortcuts = commands.flatMap(({ shortcut }) => shortcut ?? []);
    expect(new Set(shortcuts).size).toBe(shortcuts.length);
  });

  it('say why they cannot run while nothing is open', () => {
    for (const id of ['step-3', 'export-report', 'close-case', 'add-evidence', 'files']) {
      expect(byId(id).enabled(nothingOpen)).toBe('Open a bundle first.');
      expect(byId(id).enabled({ ...nothingOpen, caseOpen: true })).toBe(true);
    }
    expect(byId('open-folder').enabled(nothingOpen)).toBe(true);
    expect(byId('find-in-raw').enabled(nothingOpen)).toBe('Open a raw file first.');
    expect(byId('undo-evidence').enabled({ ...nothingOpen, caseOpen: true })).toBe(
      'No evidence was added.',
    );
  });

  it('do not run while disabled, and tell why', () => {
    let ran = 0;
    const command: Command = {
      id: 'x',
      title: 'X',
      group: 'Help',
      enabled: ({ caseOpen }) => caseOpen || 'Not now.',
      run: () => {
        ran += 1;
      },
    };
    const told: string[] = [];
    expect(runIfEnabled(command, nothingOpen, (why) => told.push(why))).toBe(false);
    expect(told).toEqual(['Not now.']);
    expect(runIfEnabled(command, { ...nothingOpen, caseOpen: true })).toBe(true);
    expect(ran).toBe(1);
  });
});

describe('shortcuts', () => {
  it('match their keys and no others', () => {
    expect(matches('Ctrl+K', press('k', { ctrlKey: true }), false)).toBe(true);
    expect(matches('Ctrl+K', press('k'), false)).toBe(false);
    expect(matches('Ctrl+K', press('k', { ctrlKey: true, shiftKey: true }), false)).toBe(false);
    expect(matches('Alt+Left', press('ArrowLeft', { altKey: true }), false)).toBe(true);
    expect(matches('F6', press('F6'), false)).toBe(true);
    expect(matches('Shift+F6', press('F6'), false)).toBe(false);
  });

  it('use the command key on macOS', () => {
    expect(matches('Ctrl+1', press('1', { metaKey: true }), true)).toBe(true);
    expect(matches('Ctrl+1', press('1', { ctrlKey: true }), true)).toBe(false);
    expect(shortcutText('Ctrl+Shift+O', true)).toBe('⌘⇧O');
    expect(shortcutText('Ctrl+Shift+O', false)).toBe('Ctrl+Shift+O');
  });
});
