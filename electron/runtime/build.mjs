import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureDependencies } from './dependencies.mjs';
import { root, runMain, say } from './console.mjs';

/*
 * Builds dist/. Everything is bundled: at run time only Electron and Node's own modules are outside.
 * A part whose inputs did not change since its last build is left as it is.
 */

/** `rooms` are the folders a part may import from; a change in any of them rebuilds it. */
const parts = [
  {
    name: 'main',
    entry: 'electron/main/main.ts',
    output: 'main.cjs',
    rooms: ['electron/main', 'shared'],
  },
  {
    name: 'preload',
    entry: 'electron/preload/preload.ts',
    output: 'preload.cjs',
    rooms: ['electron/preload', 'shared'],
  },
  {
    name: 'analysis',
    entry: 'electron/analysis/main.ts',
    output: 'analysis.js',
    rooms: ['electron/analysis', 'electron/sources', 'shared'],
  },
  {
    name: 'live',
    entry: 'electron/live/main.ts',
    output: 'live.js',
    rooms: [
      'electron/live',
      'electron/collect',
      'electron/transports',
      'electron/sources',
      'assets/collector',
      'shared',
    ],
  },
  {
    name: 'cli',
    entry: 'electron/cli/cli.ts',
    output: 'cli.js',
    rooms: [
      'electron/cli',
      'electron/analysis',
      'electron/collect',
      'electron/transports',
      'electron/sources',
      'assets/collector',
      'shared',
    ],
  },
  { name: 'renderer', entry: 'renderer/index.html', rooms: ['renderer', 'shared', 'assets/icons'] },
];

/** What is bundled keeps its licences beside it. */
const license = { fileName: 'licences.md' };
const common = ['electron/runtime/build.mjs', 'package.json', 'package-lock.json'];

/** Builds the parts that exist and changed. Returns the names of those it built. */
export async function build() {
  const built = [];
  for (const part of parts) {
    if (!existsSync(path.join(root, part.entry))) continue;
    const stamp = stampOf([...part.rooms, ...common]);
    const stampFile = path.join(root, 'dist', part.name, '.stamp');
    if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) continue;
    // Built aside, then moved: a reader never sees half a part, not even if two builds overlap.
    const fresh = path.join(root, 'dist', `.new-${part.name}-${process.pid}`);
    try {
      await bundle(part, fresh);
      await fs.writeFile(path.join(fresh, '.stamp'), stamp);
      const target = path.join(root, 'dist', part.name);
      await fs.rm(target, { recursive: true, force: true });
      await fs.rename(fresh, target);
    } finally {
      await fs.rm(fresh, { recursive: true, force: true });
    }
    built.push(part.name);
  }
  return built;
}

/** Gives every JSX of the window the runtime that shows text as it is written. */
const shownText = {
  name: 'shown-text',
  enforce: 'pre',
  resolveId(source, importer) {
    const own = path.join(root, 'renderer/shown-text/jsx-runtime.ts');
    return source === 'react/jsx-runtime' && importer !== own ? own : null;
  },
};

async function bundle(part, outDir) {
  const { build: viteBuild } = await import('vite');
  if (part.name === 'renderer') {
    const { default: react } = await import('@vitejs/plugin-react');
    await viteBuild({
      configFile: false,
      root: path.join(root, 'renderer'),
      base: './',
      logLevel: 'warn',
      plugins: [react(), shownText],
      build: {
        outDir,
        emptyOutDir: true,
        target: 'chrome130',
        // The content security policy allows no inline scripts or styles, so nothing is inlined.
        assetsInlineLimit: 0,
        license,
        modulePreload: { polyfill: false },
        chunkSizeWarningLimit: 4096,
      },
    });
    return;
  }
  await viteBuild({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true, target: 'node' },
    // CommonJS packages may ask for their own folder, which an ES module names otherwise.
    define: part.output.endsWith('.js') ? { __dirname: 'import.meta.dirname' } : {},
    build: {
      outDir,
      emptyOutDir: true,
      ssr: path.join(root, part.entry),
      target: 'node20',
      minify: false,
      sourcemap: false,
      license,
      rolldownOptions: {
        // ssh2 tries native addons and does without; none of them is shipped. Kerberos is loaded
        // from node_modules where it was compiled, and done without elsewhere.
        external: [
          /\.node$/,
          'cpu-features',
          'kerberos',
          'electron',
          ...builtinModules,
          ...builtinModules.map((name) => `node:${name}`),
        ],
        output: {
          format: part.output.endsWith('.cjs') ? 'cjs' : 'es',
          entryFileNames: part.output,
          ...(part.output.endsWith('.cjs') ? { codeSplitting: false } : {}),
        },
      },
    },
  });
  if (part.name === 'cli') chmodSync(path.join(outDir, part.output), 0o755);
}

/** One hash over names, sizes and times of all files below the given paths; tests do not count. */
function stampOf(paths) {
  const hash = createHash('sha256');
  const visit = (file) => {
    const found = statSync(path.join(root, file), { throwIfNoEntry: false });
    if (found === undefined) return;
    if (found.isDirectory()) {
      for (const name of readdirSync(path.join(root, file)).sort()) visit(`${file}/${name}`);
    } else if (!/\.(test|spec)\.tsx?$/.test(file)) {
      hash.update(`${file} ${found.size} ${found.mtimeMs}\n`);
    }
  };
  for (const each of paths) visit(each);
  return hash.digest('hex');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(async () => {
    await ensureDependencies();
    const started = Date.now();
    const built = await build();
    say(
      built.length === 0
        ? 'Nothing to build.'
        : `Built ${built.join(', ')} in ${((Date.now() - started) / 1000).toFixed(1)} s.`,
    );
  });
}
