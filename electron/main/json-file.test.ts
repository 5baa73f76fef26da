import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RecentList } from './recent';
import { SettingsStore } from './settings';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'workbench-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('settings are there again after a restart', () => {
  const file = path.join(folder, 'profile/settings.json');
  new SettingsStore(file).update({ theme: 'dark', railWidth: 300 });
  const again = new SettingsStore(file).settings;
  expect(again.theme).toBe('dark');
  expect(again.railWidth).toBe(300);
});

test('a settings file cut in the middle is set aside and defaults are used', () => {
  const file = path.join(folder, 'settings.json');
  writeFileSync(file, '{"settings": {"theme": "da');
  const store = new SettingsStore(file);
  expect(store.settings.theme).toBe('system');
  expect(readFileSync(`${file}.broken`, 'utf8')).toContain('"da');
  store.update({ theme: 'light' });
  expect(new SettingsStore(file).settings.theme).toBe('light');
});

test('one senseless setting does not cost the others', () => {
  const file = path.join(folder, 'settings.json');
  const settings = { theme: 'purple', railWidth: 333, inspectorWidth: -5 };
  writeFileSync(file, JSON.stringify({ settings, window: { bounds: 'left', maximized: 1 } }));
  const store = new SettingsStore(file);
  const { inspectorWidth } = new SettingsStore(path.join(folder, 'none.json')).settings;
  expect(store.settings).toMatchObject({ theme: 'system', railWidth: 333, inspectorWidth });
  expect(store.window).toEqual({ bounds: null, maximized: false });
});

test('saving leaves no half-written file behind', () => {
  const file = path.join(folder, 'settings.json');
  const store = new SettingsStore(file);
  store.update({ rawWrap: true });
  store.update({ rawWrap: false });
  expect(readdirSync(folder)).toEqual(['settings.json']);
});

test('a bundle opened again moves to the top of the recent list', () => {
  const recent = new RecentList(path.join(folder, 'recent.json'));
  const item = { detail: 'folder', openedAt: 1, errors: 0, warnings: 0 };
  recent.add({ ...item, paths: [folder], name: 'one' });
  recent.add({ ...item, paths: [path.join(folder, 'gone')], name: 'two' });
  recent.add({ ...item, paths: [folder], name: 'one', errors: 2 });
  const list = new RecentList(path.join(folder, 'recent.json')).list();
  expect(list.map(({ name, errors, exists }) => [name, errors, exists])).toEqual([
    ['one', 2, true],
    ['two', 0, false],
  ]);
  expect(Object.keys(list[0] ?? {})).not.toContain('paths');
  expect(recent.pathsOf(list[0]?.id ?? '')).toEqual([folder]);
});
