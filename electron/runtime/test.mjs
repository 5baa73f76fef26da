import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build } from './build.mjs';
import { root, runMain, say, SetupError } from './console.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { startVirtualDisplay } from './display.mjs';
import { findElectron } from './electron-binary.mjs';
import { ensureKerberos } from './kerberos.mjs';
import { ensureSystemLibraries } from './system-libraries.mjs';

/*
 * npm test [-- --only STAGE,...] [-- ARGUMENTS OF VITEST...]
 *
 * Runs the stages below in this order and prints "N passed, N failed" last: the unit and
 * end-to-end tests, and every check that failed counts as one failure.
 */

const bin = (name) => path.join(root, 'node_modules', name);
const tsc = (project) => [bin('typescript/bin/tsc'), '-p', project];
const sources = ['shared', 'electron', 'renderer', 'e2e', 'scripts'].filter((room) =>
  existsSync(path.join(root, room)),
);

/** Checks that need nothing but the sources; each command is the arguments of one Node process. */
const checks = [
  { stage: 'types', title: 'Types: everything, tests included', command: tsc('tsconfig.json') },
  { stage: 'types', title: 'Types: shared (no DOM, no Node)', command: tsc('shared') },
  { stage: 'types', title: 'Types: electron', command: tsc('electron') },
  {
    stage: 'types',
    title: 'Types: electron, against Electron 33',
    command: tsc('electron/tsconfig.electron-33.json'),
  },
  { stage: 'types', title: 'Types: renderer (no Node)', command: tsc('renderer') },
  {
    stage: 'lint',
    title: 'ESLint',
    command: [
      bin('eslint/bin/eslint.js'),
      '--max-warnings=0',
      '--cache',
      '--cache-location=.cache/eslint/',
      '--cache-strategy=content',
      '.',
    ],
  },
  {
    stage: 'format',
    title: 'Prettier',
    command: [
      bin('prettier/bin/prettier.cjs'),
      '--check',
      '--log-level=warn',
      '--cache',
      '--cache-location=.cache/prettier',
      '.',
    ],
  },
  { stage: 'layers', title: 'Layering', command: ['electron/runtime/layers.mjs', ...sources] },
  { stage: 'unused', title: 'Unused code', command: [bin('knip/bin/knip.js')] },
];
const stages = [...new Set(checks.map((check) => check.stage)), 'unit', 'e2e'];

await runMain(async () => {
  const { only, rest } = readArguments(process.argv.slice(2));
  const started = Date.now();
  await ensureDependencies();

  const needsElectron = only.has('e2e') || only.has('unit');
  let electron;
  if (needsElectron) {
    await ensureSystemLibraries({ headless: true });
    const reason = await ensureKerberos();
    if (reason !== undefined) say(`Kerberos is left out: ${reason}.`);
    electron = await findElectron();
    say(`Electron ${electron.version} (${electron.source})`);
  }

  const total = { passed: 0, failed: 0 };
  total.failed += await runChecks(checks.filter((check) => only.has(check.stage)));
  if (only.has('unit')) add(total, await runVitest('unit', rest, electron, {}));
  if (only.has('e2e')) {
    await build();
    const screen = process.platform === 'linux' ? await startVirtualDisplay() : undefined;
    const env = screen === undefined ? {} : { DISPLAY: screen.display, WAYLAND_DISPLAY: '' };
    add(total, await runVitest('e2e', rest, electron, env));
    screen?.stop();
  }
  say(`\nFinished in ${Math.round((Date.now() - started) / 1000)} s.`);
  process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
  return total.failed === 0 ? 0 : 1;
});

function readArguments(args) {
  const rest = [...args];
  const at = rest.indexOf('--only');
  if (at < 0) return { only: new Set(stages), rest };
  const [, list = ''] = rest.splice(at, 2);
  const only = new Set(list.split(','));
  for (const stage of only) {
    if (!stages.includes(stage)) {
      throw new SetupError(`There is no stage "${stage}". The stages: ${stages.join(', ')}`);
    }
  }
  return { only, rest };
}

function add(total, part) {
  total.passed += part.passed;
  total.failed += part.failed;
}

/** Runs the checks, a few at a time; prints each one's output only when it fails. */
async function runChecks(list) {
  const waiting = [...list];
  let failed = 0;
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const started = Date.now();
      const { code, output } = await capture(process.execPath, check.command);
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      say(`${code === 0 ? 'ok    ' : 'FAILED'} ${check.title} (${seconds} s)`);
      if (code !== 0) {
        failed += 1;
        say(output.trimEnd());
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, os.cpus().length) }, worker));
  return failed;
}

function capture(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Runs one project of vitest.config.ts and counts its tests from the report it writes. */
async function runVitest(project, rest, electron, extraEnv) {
  if (project === 'e2e' && !hasSpecs()) return { passed: 0, failed: 0 };
  const report = path.join(root, '.cache', `vitest-${project}-${process.pid}.json`);
  const child = spawn(
    process.execPath,
    [
      bin('vitest/vitest.mjs'),
      'run',
      `--project=${project}`,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...rest,
    ],
    {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        ELECTRON_EXECUTABLE: electron.executable,
        ELECTRON_DIST: electron.dist,
        ...extraEnv,
      },
    },
  );
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (value) => resolve(value ?? 1));
  });
  let counted = { numPassedTests: 0, numFailedTests: 0 };
  try {
    counted = JSON.parse(await fs.readFile(report, 'utf8'));
  } catch {
    // vitest ended before it could write: its exit code below tells.
  }
  await fs.rm(report, { force: true });
  // A file that does not load, or an error outside of tests, has no failed test to count.
  const failed = Math.max(counted.numFailedTests, code === 0 ? 0 : 1);
  return { passed: counted.numPassedTests, failed };
}

function hasSpecs() {
  const folder = path.join(root, 'e2e');
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.spec.ts'));
}
