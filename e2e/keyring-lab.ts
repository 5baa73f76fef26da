import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { vi } from 'vitest';

/** A keyring of its own: a private bus with GNOME Keyring on it, unlocked. */
export class KeyringLab {
  readonly #running: ChildProcess[] = [];

  /** Starts it in a home folder of its own. Gives the variables that lead a program to it. */
  async start(home: string): Promise<Readonly<Record<string, string>>> {
    mkdirSync(`${home}/.local/share/keyrings`, { recursive: true });
    mkdirSync(`${home}/run`, { mode: 0o700 });
    const bus = this.#run('dbus-daemon', ['--session', '--nofork', '--print-address'], {});
    const env = {
      HOME: home,
      XDG_RUNTIME_DIR: `${home}/run`,
      XDG_CURRENT_DESKTOP: 'GNOME',
      DBUS_SESSION_BUS_ADDRESS: (await firstWords(bus)).trim(),
    };
    const options = ['--foreground', '--unlock', '--components=secrets'];
    const keyring = this.#run('gnome-keyring-daemon', options, env);
    keyring.stdin?.end('lab');
    // It says nothing. Before it is on the bus, a program's question would start another, a locked one.
    await vi.waitUntil(() => owned(env), { timeout: 20_000 });
    return env;
  }

  stop(): void {
    for (const each of this.#running) each.kill();
  }

  #run(command: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#running.push(child);
    return child;
  }
}

/** Whether somebody on the bus keeps secrets. */
function owned(env: Readonly<Record<string, string>>): boolean {
  const asked = spawnSync(
    'dbus-send',
    [
      '--session',
      '--print-reply',
      '--dest=org.freedesktop.DBus',
      '/org/freedesktop/DBus',
      'org.freedesktop.DBus.NameHasOwner',
      'string:org.freedesktop.secrets',
    ],
    { encoding: 'utf8', env: { ...process.env, ...env } },
  );
  return asked.stdout.includes('boolean true');
}

function firstWords(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${child.spawnfile} ended (${code})`)));
    child.stdout?.once('data', (bytes: Buffer) => resolve(bytes.toString()));
  });
}
