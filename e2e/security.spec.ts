import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, type RunningApp } from './app';

/* Each test fails when one of the protections in electron/main/security is taken away. */

let running: RunningApp;
let server: Server;
let requests = 0;
let serverAddress: string;
beforeAll(async () => {
  server = createServer((_request, response) => {
    requests += 1;
    response.setHeader('access-control-allow-origin', '*').end('hello');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  serverAddress = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  running = await launch();
});
afterAll(async () => {
  await running.close();
  server.close();
});

describe('the page', () => {
  test('has no Node and no Electron', async () => {
    const found = await running.page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer', 'global'].filter(
        (name) => name in globalThis,
      ),
    );
    expect(found).toEqual([]);
  });

  test('reaches main by three functions only', async () => {
    const names = await running.page.evaluate(() => Object.keys(window.workbench).sort());
    expect(names).toEqual(['call', 'on', 'register']);
  });

  test('runs sandboxed and isolated', async () => {
    const preferences = await running.app.evaluate(({ webContents }) => {
      const [contents] = webContents.getAllWebContents();
      // Not in the type definitions, but the one way to see what is in force.
      const inForce = contents as unknown as { getLastWebPreferences(): Record<string, unknown> };
      return inForce.getLastWebPreferences();
    });
    expect(preferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
    });
  });

  test('comes with the content security policy', async () => {
    const policy = await running.app.evaluate(async ({ session }) => {
      const answer = await session.defaultSession.fetch('app://workbench/index.html');
      return answer.headers.get('content-security-policy');
    });
    expect(policy).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
        "font-src 'self'; connect-src 'none'; worker-src 'self'; base-uri 'none'; " +
        "form-action 'none'; frame-ancestors 'none'",
    );
  });

  test('runs no code that is not in a file of the application', async () => {
    const ran = await running.page.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.body.append(script);
      // In a task of its own: the policy does not bind what a debugger evaluates.
      const evaluated = await new Promise((resolve) => {
        setTimeout(() => {
          try {
            resolve(Reflect.construct(Function, ['return true']));
          } catch {
            resolve(false);
          }
        });
      });
      return { injected: 'injected' in window, evaluated };
    });
    expect(ran).toEqual({ injected: false, evaluated: false });
  });

  test('cannot reach the network', async () => {
    const outcome = await running.page.evaluate(
      (address) =>
        fetch(address).then(
          () => 'answered',
          () => 'refused',
        ),
      serverAddress,
    );
    expect([outcome, requests]).toEqual(['refused', 0]);
  });

  test('does not leave its address', async () => {
    const before = running.page.url();
    const navigated = await running.page.evaluate(async () => {
      const [script] = document.scripts;
      location.href = script?.src ?? '';
      await new Promise((resolve) => setTimeout(resolve, 300));
      return location.href;
    });
    expect(navigated).toBe(before);
  });

  test('opens no window', async () => {
    const opened = await running.page.evaluate(() => window.open('app://workbench/index.html'));
    expect(opened).toBeNull();
    expect(running.app.windows()).toHaveLength(1);
  });

  test('gets no permission', async () => {
    const states = await running.page.evaluate(async () => {
      const names = ['geolocation', 'notifications', 'camera', 'microphone'] as PermissionName[];
      const asked = await Promise.all(names.map((name) => navigator.permissions.query({ name })));
      return [...asked.map((each) => each.state), await Notification.requestPermission()];
    });
    expect(new Set(states)).toEqual(new Set(['denied']));
  });
});

describe('main', () => {
  test('loads nothing from the network, whoever asks', async () => {
    const outcome = await running.app.evaluate(
      ({ session }, address) =>
        session.defaultSession.fetch(address).then(
          () => 'answered',
          () => 'refused',
        ),
      serverAddress,
    );
    expect([outcome, requests]).toEqual(['refused', 0]);
  });

  test('serves nothing but the page', async () => {
    const statuses = await running.app.evaluate(({ session }) =>
      Promise.all(
        ['index.html', '%2e%2e%2fmain/main.cjs', '..%2f..%2fpackage.json', '.stamp'].map(
          async (name) => (await session.defaultSession.fetch(`app://workbench/${name}`)).status,
        ),
      ),
    );
    expect(statuses).toEqual([200, 404, 404, 404]);
  });

  test('answers no window but its own', async () => {
    const reply = await running.app.evaluate(async ({ app, BrowserWindow }) => {
      const other = new BrowserWindow({
        show: false,
        webPreferences: {
          preload: `${app.getAppPath()}/dist/preload/preload.cjs`,
          sandbox: true,
        },
      });
      await other.loadURL('app://workbench/index.html');
      const answer: unknown = await other.webContents.executeJavaScript(
        "window.workbench.call('app:state', {})",
      );
      other.destroy();
      return answer;
    });
    expect(reply).toMatchObject({ ok: false, error: { code: 'refused' } });
  });

  test('opens documentation in the browser only after the user agreed, and nothing else', async () => {
    await running.app.evaluate(({ dialog, shell }) => {
      const seen: string[] = [];
      Object.assign(globalThis, { seen });
      dialog.showMessageBox = (...args: unknown[]) => {
        const { detail } = args.at(-1) as { detail: string };
        seen.push(`asked ${detail}`);
        return Promise.resolve({
          response: detail.endsWith('/yes') ? 0 : 2,
          checkboxChecked: false,
        });
      };
      shell.openExternal = (address: string) => {
        seen.push(`opened ${address}`);
        return Promise.resolve();
      };
    });
    await running.page.evaluate(async () => {
      for (const url of [
        'https://kubernetes.io/yes',
        'https://kubernetes.io/no',
        'https://example.org/yes',
        'file:///bin/sh',
      ]) {
        await window.workbench.call('app:open-external', { url });
      }
    });
    const seen = await running.app.evaluate(() => (globalThis as { seen?: string[] }).seen);
    expect(seen).toEqual([
      'asked https://kubernetes.io/yes',
      'opened https://kubernetes.io/yes',
      'asked https://kubernetes.io/no',
    ]);
  });
});
