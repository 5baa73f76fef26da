import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { build as buildProgram } from '../../electron/runtime/build.mjs';

/*
 * Measures how fast a busy node is read: generates its files (the same bytes each time), then reads
 * them in a process of its own. Times are held against counting line feeds of the same file in the
 * same process, which cancels the machine's speed. `--keep` leaves the files and says where.
 */
const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const work = mkdtempSync(path.join(os.tmpdir(), 'hns-workbench-bench-'));

async function bundle(entry) {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    // The files run outside of the project, where no packages are.
    ssr: { noExternal: true },
    plugins: [ownPlace],
    build: {
      ssr: path.join(here, entry),
      outDir: path.join(work, 'bench'),
      emptyOutDir: false,
      target: 'node20',
      minify: false,
    },
  });
  return path.join(work, 'bench', entry.replace(/\.ts$/, '.js'));
}

/** Modules find what lies beside them, wherever they run. */
const ownPlace = {
  name: 'own-place',
  transform: (code, id) =>
    id.startsWith(root) && !id.includes('node_modules') && code.includes('import.meta.url')
      ? code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
      : undefined,
};

const run = (script, argument) =>
  execFileSync(process.execPath, [script, argument], { encoding: 'utf8', maxBuffer: 1 << 24 })
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const mb = (bytes) => (bytes / 1e6).toFixed(0);

function report(name, m) {
  const rate = m.bytes / 1e6 / m.parsing;
  console.log(
    `${name}: ${mb(m.bytes)} MB, ${m.lines} lines, ${m.ports} ports, ${m.rules} rules, ${m.bodyCount} distinct`,
  );
  console.log(`  counting line feeds  ${m.counting.toFixed(3)} s`);
  console.log(`  line index           ${m.indexing.toFixed(3)} s`);
  console.log(
    `  VFP parser           ${m.parsing.toFixed(3)} s, ${rate.toFixed(0)} MB/s, ${(m.parsing / m.counting).toFixed(1)} x counting`,
  );
  console.log(`  all distinct bodies  ${m.bodies.toFixed(3)} s`);
  console.log(
    `  memory               ${mb(m.aboveFile)} MB more after parsing, peak ${mb(m.peak)} MB above the file's bytes`,
  );
  const { traces, ways, first, firstOfPort, median, slowest, matrix } = m.trace;
  const ms = (seconds) => `${(seconds * 1e3).toFixed(1)} ms`;
  console.log(
    `  packet trace         ${ms(median)} (median), ${ms(slowest)} (99 %) of ${traces} with ${ways} ways; first of the node ${ms(first)}, of a port ${ms(firstOfPort)}`,
  );
  const cells = matrix.rows * matrix.columns;
  console.log(
    `  reachability matrix  ${matrix.seconds.toFixed(2)} s (${matrix.cpu.toFixed(2)} s of CPU), ${matrix.rows} pods x ${matrix.columns} destinations, ${((matrix.seconds / cells) * 1e6).toFixed(0)} us a cell (a trace takes ${((median * cells) / matrix.seconds).toFixed(0)} x as long), longest turn ${ms(matrix.longestTurn)}`,
  );
}

/** The whole analysis through the command line, once it is built. */
function analyse(name, folder) {
  const cli = path.join(root, 'dist/cli/cli.js');
  if (!existsSync(cli)) return;
  const started = process.hrtime.bigint();
  execFileSync(
    process.execPath,
    [cli, 'analyze', folder, '--format', 'json', '--fail-on', 'never'],
    {
      stdio: 'ignore',
    },
  );
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  console.log(
    `  whole analysis       ${seconds.toFixed(2)} s (${name}, command line, start included)`,
  );
}

/** Reading a capture, beside tshark where it is installed: both find the conversations of the same file. */
function reportCapture(m) {
  console.log(
    `capture: ${mb(m.bytes)} MB, ${m.packets} packets, ${m.flows} flows\n` +
      `  reading              ${m.reading.toFixed(2)} s, ${(m.bytes / 1e6 / m.reading).toFixed(0)} MB/s, ${mb(m.memory)} MB more memory`,
  );
  const started = process.hrtime.bigint();
  try {
    execFileSync('tshark', ['-n', '-q', '-r', m.file, '-z', 'conv,tcp'], { stdio: 'ignore' });
  } catch {
    console.log('  tshark               is not installed');
    return;
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  console.log(
    `  tshark               ${seconds.toFixed(2)} s: ${(seconds / m.reading).toFixed(1)} times as long`,
  );
}

/** Live collection: 200 MB in four sections, by the command line, over both transports. */
async function reportCollection() {
  if (process.platform !== 'linux' || !existsSync('/usr/sbin/sshd')) return;
  await buildProgram();
  const measured = run(await bundle('collect-memory.ts'), path.join(root, 'dist/cli/cli.js'));
  for (const { way, seconds, peak, idle, zip } of measured)
    console.log(
      `collect over ${way}: 200 MB in ${seconds.toFixed(1)} s, peak ${mb(peak)} MB (idle ${mb(idle)} MB), bundle ${mb(zip)} MB`,
    );
}

try {
  await reportCollection();
  const [{ file: capture }] = run(await bundle('capture-generate.ts'), work);
  reportCapture(run(await bundle('capture-speed.ts'), capture)[0]);
  const nodes = run(await bundle('generate.ts'), work);
  const measure = await bundle('measure.ts');
  for (const { name, file } of nodes) {
    report(name, run(measure, file)[0]);
    analyse(name, path.dirname(file));
  }
} finally {
  if (process.argv.includes('--keep')) console.log(`files kept in ${work}`);
  else rmSync(work, { recursive: true, force: true });
}
