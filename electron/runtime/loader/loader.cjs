// Stands in for Electron's default app in the runtime that electron-binary.mjs puts together:
// `electron [flags] FOLDER [arguments]` runs the app in FOLDER.
'use strict';
const { app } = require('electron');
const fs = require('node:fs');
const path = require('node:path');

const folder = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (folder === undefined) {
  process.stdout.write(`Electron ${process.versions.electron}\n`);
  app.exit(0);
} else {
  const appPath = path.resolve(folder);
  const manifest = JSON.parse(fs.readFileSync(path.join(appPath, 'package.json'), 'utf8'));
  // As Electron's own default app does: the application reads its arguments after its folder.
  process.defaultApp = true;
  app.setAppPath(appPath);
  app.setName(manifest.productName ?? manifest.name);
  app.setVersion(manifest.version);
  require(path.join(appPath, manifest.main));
}
