import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from './build.mjs';
import { root, run, runMain, say, SetupError } from './console.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { hasDisplay, startVirtualDisplay } from './display.mjs';
import { findElectron } from './electron-binary.mjs';
import { ensureSystemLibraries } from './system-libraries.mjs';

/*
 * npm start [-- PATH... [--once] [SWITCH...]]
 *
 * Sets up what is missing, builds, and opens the window with the given bundles. Where there is no
 * display it runs under a virtual one: prints the text analysis of what it opened (the sample of a
 * broken service if nothing is named), saves a picture of the window and the HTML report, and stays
 * until interrupted; --once ends it. Other switches go to Electron.
 */

const captureSeconds = 120;

await runMain(async () => {
  const { paths, switches, once } = readArguments(process.argv.slice(2));
  const headless = !hasDisplay();
  await ensureDependencies();
  await ensureSystemLibraries({ headless });
  const electron = await findElectron();
  const built = await build();
  say(`Electron ${electron.version} (${electron.source})${built.length > 0 ? ', built' : ''}`);
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    say("Running as root, so Chromium's sandbox is off (--no-sandbox). Do not do this daily.");
    switches.push('--no-sandbox');
  }
  if (!headless) {
    return run(electron.executable, [...switches, root, ...paths]);
  }
  return runHeadless(electron, { paths, switches, once });
});

function readArguments(args) {
  const from = process.env.INIT_CWD ?? process.cwd();
  const paths = [];
  const switches = [];
  let once = false;
  for (const argument of args) {
    if (argument === '--once') once = true;
    else if (argument.startsWith('-')) switches.push(argument);
    else paths.push(path.resolve(from, argument));
  }
  for (const each of paths) {
    if (!existsSync(each)) throw new SetupError(`There is no file or folder ${each}`);
  }
  return { paths, switches, once };
}

async function runHeadless(electron, { paths, switches, once }) {
  const out = path.join(root, 'out');
  const picture = path.join(out, 'window.png');
  const report = path.join(out, 'report.html');
  mkdirSync(out, { recursive: true });
  say('No display here: running under a virtual one (Xvfb).');

  const sample = paths.length === 0 ? brokenSample() : undefined;
  const opened = sample === undefined ? paths : [sample.folder];
  if (sample !== undefined) say(`Nothing named: opening the built-in sample "${sample.title}".`);
  if (opened.length > 0) await analyse(opened, report);

  const screen = await startVirtualDisplay();
  const child = spawn(
    electron.executable,
    [
      ...switches,
      // Nobody looks at this screen, so nothing is drawn twice.
      '--disable-gpu',
      '--disable-dev-shm-usage',
      root,
      `--capture=${picture}`,
      ...(sample === undefined ? paths : [`--sample=${sample.id}`]),
    ],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DISPLAY: screen.display, WAYLAND_DISPLAY: '' },
    },
  );
  const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => child.kill());
  }
  try {
    await captured(child, ended);
    say(`Window:  ${path.relative(process.cwd(), picture) || picture}`);
    if (existsSync(report)) say(`Report:  ${path.relative(process.cwd(), report) || report}`);
    if (once) return 0;
    say('The application goes on running. Stop it with Ctrl+C.');
    await ended;
    return 0;
  } finally {
    child.kill();
    await ended;
    screen.stop();
  }
}

/** Prints the findings and writes the report, by the command line program. */
async function analyse(paths, report) {
  const cli = path.join(root, 'dist/cli/cli.js');
  const common = [cli, 'analyze', ...paths, '--fail-on', 'never'];
  const codes = [
    await run(process.execPath, common),
    await run(process.execPath, [...common, '--format', 'html', '--output', report]),
  ];
  if (codes.some((code) => code !== 0)) {
    throw new SetupError('The analysis failed (its message is above).');
  }
}

/** Resolves when the application says that it wrote the picture. Its other output goes to ours. */
function captured(child, ended) {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(
      () => reject(new SetupError(`The window showed nothing within ${captureSeconds} s.`)),
      captureSeconds * 1000,
    );
    const settle = (action, value) => {
      clearTimeout(timer);
      action(value);
    };
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (/^captured /m.test(output)) settle(resolve);
    });
    child.stderr.on('data', (chunk) => {
      // Chromium complains about services that a machine without a desktop does not have.
      const lines = String(chunk)
        .split('\n')
        .filter(
          (line) => line !== '' && !/ERROR:(bus|object_proxy|gpu|viz|command_buffer)/.test(line),
        );
      if (lines.length > 0) process.stderr.write(`${lines.join('\n')}\n`);
    });
    void ended.then((code) =>
      settle(reject, new SetupError(`The application ended early (code ${code}).`)),
    );
  });
}

/** The built-in sample with a broken service, if the samples are there. */
function brokenSample() {
  const folder = path.join(root, 'assets/samples');
  if (!existsSync(path.join(folder, 'samples.json'))) return undefined;
  const samples = JSON.parse(readFileSync(path.join(folder, 'samples.json'), 'utf8'));
  const found = samples.find(({ id, broken }) => broken && /service/.test(id));
  return found && { ...found, folder: path.join(folder, found.id) };
}
