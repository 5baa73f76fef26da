import * as fs from 'node:fs/promises';
import path from 'node:path';
import { build } from './build.mjs';
import { root, runMain, say, SetupError } from './console.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { findElectron } from './electron-binary.mjs';

/*
 * node electron/runtime/package.mjs [--dir] [--output FOLDER]
 *
 * Builds what electron-builder.yml describes for this platform. With --dir: only the unpacked
 * folder, from the Electron that development uses, without any download.
 */
await runMain(async () => {
  const args = process.argv.slice(2);
  const directoryOnly = args.includes('--dir');
  const outputAt = args.indexOf('--output');
  const output = outputAt < 0 ? 'release' : path.resolve(args[outputAt + 1] ?? 'release');
  await ensureDependencies();
  await build();
  const { build: packageApp, Platform } = await import('electron-builder');
  if (!directoryOnly) {
    await packageApp({ config: { extends: 'electron-builder.yml', directories: { output } } });
    return;
  }
  const electron = await findElectron();
  await packageApp({
    targets: Platform.current().createTarget('dir'),
    publish: 'never',
    config: {
      extends: 'electron-builder.yml',
      directories: { output },
      electronDist: electron.dist,
      electronVersion: electron.version,
      // The development runtime may carry a loader of its own there.
      afterExtract: ({ appOutDir }) =>
        fs.rm(path.join(appOutDir, 'resources/app'), { recursive: true, force: true }),
    },
  });
  const folder = path.join(output, `${process.platform}-unpacked`);
  if (process.platform === 'linux') await checkFuses(path.join(folder, 'hns-workbench'));
  say(`Built ${path.relative(root, folder) || folder} with Electron ${electron.version}.`);
});

/** electron-builder.yml asks for the fuses; this makes sure that the program has them. */
async function checkFuses(executable) {
  const { FuseV1Options, getCurrentFuseWire } = await import('@electron/fuses');
  const wire = await getCurrentFuseWire(executable);
  const wanted = {
    RunAsNode: false,
    EnableCookieEncryption: true,
    EnableNodeOptionsEnvironmentVariable: false,
    EnableNodeCliInspectArguments: false,
    EnableEmbeddedAsarIntegrityValidation: true,
    OnlyLoadAppFromAsar: true,
    LoadBrowserProcessSpecificV8Snapshot: false,
    GrantFileProtocolExtraPrivileges: false,
  };
  const wrong = Object.entries(wanted).filter(
    ([fuse, on]) => String.fromCharCode(wire[FuseV1Options[fuse]]) !== (on ? '1' : '0'),
  );
  if (wrong.length > 0) {
    throw new SetupError(
      `Fuses that are not as they should be: ${wrong.map(([f]) => f).join(', ')}`,
    );
  }
}
