import { EventEmitter } from 'node:events';
import path from 'node:path';
import type { WebContents } from 'electron';
import { describe, expect, test } from 'vitest';
import { resolveAppUrl } from './app-protocol';
import { isTrustedSender } from './ipc-sender';
import { denyNavigation } from './navigation';
import { isLocalAddress } from './no-network';
import { documentationAddress } from './open-external';
import { denyWebviews } from './webview';

describe('the app:// scheme', () => {
  const folder = path.resolve('/app/dist/renderer');

  test('serves the files of the page', () => {
    expect(resolveAppUrl('app://workbench/index.html', folder)?.file).toBe(
      path.join(folder, 'index.html'),
    );
    expect(resolveAppUrl('app://workbench/assets/a.js?x#y', folder)?.contentType).toMatch(
      /javascript/,
    );
  });

  // The URL parser itself removes plain dots: what is left lies inside of the folder.
  test.each(['app://workbench/../main.html', 'app://workbench/%2e%2e/main.html'])(
    'does not leave the folder for %s',
    (address) => {
      expect(resolveAppUrl(address, folder)?.file).toBe(path.join(folder, 'main.html'));
    },
  );

  test.each([
    'app://workbench/..%2fmain.html',
    'app://workbench/%2e%2e%5cmain.html',
    'app://workbench/%5c%5cserver%5cshare%5ca.html',
    'app://workbench/C:/a.html',
    'app://workbench/index.html%00.html',
    'app://workbench/index.html:stream.html',
    'app://workbench/',
    'app://workbench/.stamp',
    'app://workbench/.hidden/a.html',
    'app://workbench/secret.key',
    'app://workbench/%E0%A4%A.html',
    'app://elsewhere/index.html',
    'file:///app/dist/renderer/index.html',
    'nonsense',
  ])('does not serve %s', (address) => {
    expect(resolveAppUrl(address, folder)).toBeUndefined();
  });
});

describe('a message', () => {
  const windows = new Set([3]);
  const frame = { url: 'app://workbench/index.html', parent: null };

  test('of the main frame of our window counts', () => {
    expect(isTrustedSender({ sender: { id: 3 }, senderFrame: frame }, windows)).toBe(true);
  });

  test.each([
    ['another web contents', { sender: { id: 4 }, senderFrame: frame }],
    ['a frame inside', { sender: { id: 3 }, senderFrame: { ...frame, parent: {} } }],
    ['another origin', { sender: { id: 3 }, senderFrame: { ...frame, url: 'https://x/' } }],
    [
      'an origin that begins like ours',
      { sender: { id: 3 }, senderFrame: { ...frame, url: 'app://workbench.x/' } },
    ],
    ['a frame that is gone', { sender: { id: 3 }, senderFrame: null }],
  ])('of %s does not', (_name, event) => {
    expect(isTrustedSender(event, windows)).toBe(false);
  });
});

describe('an address', () => {
  test('of a documentation host may be opened', () => {
    expect(documentationAddress('https://learn.microsoft.com/a?b#c')).toBe(
      'https://learn.microsoft.com/a?b#c',
    );
  });

  test.each([
    'http://learn.microsoft.com/',
    'https://learn.microsoft.com.example.org/',
    'https://learn.microsoft.com@example.org/',
    'https://user@learn.microsoft.com/',
    'https://learn.microsoft.com:8443/',
    'https://example.org/learn.microsoft.com',
    'file:///C:/Windows/System32/calc.exe',
    'ms-settings:network',
    'javascript:alert(1)',
    '\\\\server\\share',
    '',
  ])('%s may not be opened', (address) => {
    expect(documentationAddress(address)).toBeUndefined();
  });

  test('from elsewhere is not loaded', () => {
    expect(isLocalAddress('app://workbench/index.html')).toBe(true);
    expect(isLocalAddress('https://workbench/index.html')).toBe(false);
    expect(isLocalAddress('file:///etc/passwd')).toBe(false);
    expect(isLocalAddress('data:text/html,x')).toBe(false);
  });
});

test.each([
  ['will-navigate', denyNavigation],
  ['will-frame-navigate', denyNavigation],
  ['will-redirect', denyNavigation],
  ['will-attach-webview', denyWebviews],
])('%s is prevented', (name, protect) => {
  const contents = new EventEmitter();
  // Only its events matter here.
  protect(contents as unknown as WebContents);
  let prevented = false;
  contents.emit(name, { preventDefault: () => (prevented = true) });
  expect(prevented).toBe(true);
});
