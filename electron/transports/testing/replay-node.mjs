import { createHash } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { replayCapture } from './replay-capture.mjs';

/*
 * What the fake Windows node runs for every command: node replay-node.mjs SETTINGS.json
 *
 * It does what PowerShell would do with the bootstrap (decode it, check the hash, unpack the
 * script), then prints the files of a folder as the collector would. Settings:
 *   folder         files to print
 *   constrained    answer as Constrained Language Mode does
 *   breakAfter     end without a word after this many files, in the middle of the next; of a log that is
 *                  followed, after this many lines
 *   flip           spoil the content of the file of this name
 *   hugeMegabytes  print more files of this size, as many as hugeSections says (1)
 *   truncate       stop the file of this name halfway, as the collector does at its limit
 *   delay          milliseconds before every file
 *   record         file that the received command and parameters are written to
 *   rights         lines of the answer to the question what the account may do, after PROBE
 *   unreachable    hosts that neither the node nor its pods reach, when asked to connect or to look up
 *   nanoServer     ids of containers whose image has none of the programs that are run inside of them
 *   switchSays     lines that it says of every packet
 *   followed       file of this computer that is written to while the node is asked to follow a log
 *   blocked        refuse encoded commands, as a policy does
 *   capture        how it captures packets: replay-capture.mjs
 */

const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const command = process.env.SSH_ORIGINAL_COMMAND ?? '';
const encoded = /^powershell\.exe -NoLogo -NoProfile -NonInteractive -EncodedCommand (\S+)$/.exec(
  command,
)?.[1];
const text = Buffer.from(encoded ?? '', 'base64').toString('utf16le');

const write = (piece) =>
  new Promise((resolve) => {
    process.stdout.write(piece, resolve);
  });
const fail = (reason, code) => {
  process.stderr.write(
    `#< CLIXML\r\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><S S="Error">${reason}_x000D__x000A_</S></Objs>`,
  );
  process.exit(code);
};

if (encoded === undefined) {
  process.stderr.write('the command is not one that cmd.exe and sh read alike\n');
  process.exit(9);
}
if (settings.record) writeFileSync(settings.record, `${command}\n${text}\n`);

if (settings.blocked) fail('This program is blocked by group policy', 1);
if (text.includes('@@WB1 PROBE')) {
  const mode = settings.constrained ? 'ConstrainedLanguage' : 'FullLanguage';
  const rights = settings.rights ?? [
    ...['user winlab\\operator', 'group administrators', 'level high'],
    ...['has hnsdiag.exe', 'has vfpctrl.exe', 'has Get-HnsNetwork'],
  ];
  const all = [`mode ${mode}`, 'powershell 5.1.20348.2227', ...rights, 'end'];
  await write(all.map((line) => `@@WB1 PROBE ${line}\r\n`).join(''));
  process.exit(0);
}

const constrainedAnswers = new Map([
  ['Get-HnsNetwork | ConvertTo-Json -Depth 20', 'network.txt'],
  ['Get-HnsEndpoint | ConvertTo-Json -Depth 20', 'endpoint.txt'],
  ['Get-HnsPolicyList | ConvertTo-Json -Depth 20', 'policy.txt'],
  ['ipconfig.exe /allcompartments /all', 'ip.txt'],
  ['route.exe print', 'routes.txt'],
]);

if (settings.constrained) {
  if (text.includes('@@WB1')) {
    await write('@@WB1 HELLO 1 ConstrainedLanguage\r\n');
    process.exit(3);
  }
  const file = constrainedAnswers.get(text);
  if (file === undefined) fail('The term is not recognized as the name of a cmdlet', 1);
  await write(readFileSync(path.join(settings.folder, file)));
  process.exit(0);
}

const hash = /\$hash -ne '([0-9A-F]{64})'/.exec(text)?.[1];
const input = await stdin();
const [packed = '', parameters = ''] = input.trim().split(/\s+/);
const script = gunzipSync(Buffer.from(packed, 'base64'));
if (createHash('sha256').update(script).digest('hex').toUpperCase() !== hash) process.exit(4);
const given = JSON.parse(Buffer.from(parameters, 'base64').toString());
if (settings.record) appendFileSync(settings.record, `${JSON.stringify(given)}\n`);
const { include = [] } = given;
/** Sections by their files, as the script has them. */
const sections = new Map(
  [...script.toString().matchAll(/^Section (\S+) (\S+) \{/gm)].map(([, name, file]) => [
    file,
    name,
  ]),
);

await write('Loading personal and system profiles took 1123ms.\r\n');
await write('@@WB1 HELLO 1 FullLanguage\r\n');
let count = 0;
if (given.path !== undefined) await follow(given);
if (given.tuples !== undefined) {
  const text = given.tuples.flatMap(({ port, tuple }) => [
    `Asked of port ${port}: ${tuple}`,
    ...(settings.switchSays ?? ['nothing of this packet']).map((line) => `| ${line}`),
  ]);
  await write(frame('process-tuples.txt', Buffer.from(`${text.join('\n')}\n`)));
  await write('@@WB1 DONE 1\r\n');
  process.exit(0);
}
if (given.legs !== undefined || given.lookups !== undefined || given.asks !== undefined) {
  const { insideContainer, hostLookup } = await import('./replay-inside.mjs');
  const isDown = (host) => settings.unreachable?.includes(host) === true;
  if (given.legs !== undefined) {
    const results = given.legs.flatMap(({ name, host }) =>
      isDown(host) ? [`  [-] ${name} 3004ms`, '    no answer within 3 s'] : [`  [+] ${name} 2ms`],
    );
    const text = ['Describing Connections of this node', ...results, ''].join('\n');
    await write(frame('connections.Pester.txt', Buffer.from(text)));
  }
  if (given.lookups !== undefined) {
    const text = given.lookups.flatMap((lookup) => [...hostLookup(lookup, isDown), '']).join('\n');
    await write(frame('host-lookups.txt', Buffer.from(text)));
  }
  for (const ask of given.asks ?? []) {
    if (settings.delay) await new Promise((resolve) => setTimeout(resolve, settings.delay));
    const { lines, exit } = insideContainer(ask, settings, isDown);
    const text = [`By ${ask.runtime}`, ...lines.map((line) => `| ${line}`), `Exit ${exit}`, ''];
    const name = `inside-containers/${ask.number}.txt`;
    await write(frame(name, Buffer.from(text.join('\n')), { section: 'inside-containers' }));
  }
  await write(`@@WB1 DONE ${count}\r\n`);
  process.exit(0);
}
if (given.capture !== undefined) {
  await replayCapture(script.toString(), given, process.argv[2], {
    answer: (section, path, content, state, notes) =>
      write(frame(path, content, { section, state, notes })),
    die: async (section, path, content) => {
      const lines = frame(path, content, { section });
      await breakOff(lines);
    },
  });
  await write(`@@WB1 DONE ${count}\r\n`);
  process.exit(0);
}
for (const name of files(settings.folder)) {
  const section = sectionOf(name);
  if (include.length > 0 && section !== undefined && !include.includes(section)) continue;
  if (settings.delay) await new Promise((resolve) => setTimeout(resolve, settings.delay));
  if (count === settings.breakAfter) {
    await breakOff(frame(name, readFileSync(path.join(settings.folder, name))));
  }
  await write(frame(name, readFileSync(path.join(settings.folder, name))));
}
for (let n = 1; settings.hugeMegabytes && n <= (settings.hugeSections ?? 1); n += 1)
  await huge(n, settings.hugeMegabytes);
// What was asked for by name and is not in the folder, the node does not have.
const had = new Set(files(settings.folder));
for (const [file, section] of sections)
  if (include.length === 0 ? section === 'sandboxes' : include.includes(section) && !had.has(file))
    await write(missing(section, file));
await write(`@@WB1 DONE ${count}\r\n`);

/** A log as it is written, until nobody listens any more. */
async function follow({ lines: most }) {
  process.stdout.on('error', () => process.exit(1));
  let shown;
  let printed = 0;
  for (let turn = 0; ; turn += 1) {
    const all = readFileSync(settings.followed, 'utf8').split('\n').slice(0, -1);
    shown ??= Math.max(0, all.length - most);
    for (const text of all.slice(shown)) {
      const pieces = code(text).match(/.{1,60}/g) ?? [''];
      await write(
        pieces
          .map((piece, i) => `@@WB1 ${i === pieces.length - 1 ? 'LINE' : 'PART'} ${piece}\r\n`)
          .join(''),
      );
      printed += 1;
      if (printed === settings.breakAfter) await breakOff('');
    }
    shown = all.length;
    if (turn % 20 === 0) await write('@@WB1 ALIVE\r\n');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Half of it is written and gets time to leave; then the server process of this connection goes, and for the other side the line is dead. */
async function breakOff(lines) {
  await write(lines.slice(0, Math.floor(lines.length / 2)));
  await new Promise((resolve) => setTimeout(resolve, 300));
  process.kill(process.ppid, 'SIGKILL');
  process.exit(1);
}

function frame(name, content, { section = sectionOf(name), state = 'ok', notes = [] } = {}) {
  count += 1;
  const cut = settings.truncate === name;
  const kept = cut ? content.subarray(0, content.length >> 1) : content;
  const body = settings.flip === name ? Buffer.concat([kept, Buffer.from('!')]) : kept;
  return [
    `@@WB1 BEGIN ${count} ${section ?? name.replace(/\W+/g, '-').toLowerCase()} gzip`,
    ...words('FILE', name),
    ...lines(gzipSync(body).toString('base64')),
    ...notes.flatMap((note) => words('NOTE', note)),
    ...(cut ? words('NOTE', `stopped after ${kept.length} characters`) : []),
    `@@WB1 HASH ${sha256(kept)}`,
    `@@WB1 END ${count} ${kept.length} 15 ${cut ? 'truncated' : state}`,
    '',
  ].join('\r\n');
}

/** Logs of a node lie below their folder, wherever they are from. */
function sectionOf(name) {
  return sections.get(name) ?? (/^logs\/[A-Za-z]\//.test(name) ? 'logs' : undefined);
}

function missing(section, file) {
  count += 1;
  return [
    `@@WB1 BEGIN ${count} ${section} gzip`,
    ...words('FILE', file),
    ...words('NOTE', 'missing: its tool is not on this node'),
    `@@WB1 HASH ${sha256(Buffer.alloc(0))}`,
    `@@WB1 END ${count} 0 12 missing`,
    '',
  ].join('\r\n');
}

/** One section of many megabytes, made and sent piece by piece. */
async function huge(n, megabytes) {
  const { createGzip } = await import('node:zlib');
  count += 1;
  await write(`@@WB1 BEGIN ${count} huge gzip\r\n@@WB1 FILE ${code(`logs/huge-${n}.log`)}\r\n`);
  const gzip = createGzip({ level: 1 });
  const total = createHash('sha256');
  const piece = Buffer.alloc(1 << 20);
  const feed = (async () => {
    for (let i = 0; i < megabytes; i += 1) {
      // Every line differs, as in a real log: repetition alone would compress to nothing.
      for (let at = 0; at < piece.length; at += 64)
        piece.write(
          `I0507 09:30:11.${i}-${at} `.padEnd(63, `${(i * 7919 + at) % 9973} `) + '\n',
          at,
        );
      total.update(piece);
      if (!gzip.write(Buffer.from(piece))) await new Promise((done) => gzip.once('drain', done));
    }
    gzip.end();
  })();
  let rest = Buffer.alloc(0);
  for await (const bytes of gzip) {
    const all = Buffer.concat([rest, bytes]);
    const whole = all.length - (all.length % 57);
    if (whole > 0) await write(`${lines(all.toString('base64', 0, whole)).join('\r\n')}\r\n`);
    rest = all.subarray(whole);
  }
  await feed;
  await write(`${rest.toString('base64')}\r\n@@WB1 HASH ${total.digest('hex')}\r\n`);
  await write(`@@WB1 END ${count} ${megabytes << 20} 900 ok\r\n`);
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
function code(value) {
  return Buffer.from(value).toString('base64');
}
function words(word, value) {
  return (code(value).match(/.{1,60}/g) ?? []).map(
    (piece, i) => `@@WB1 ${i === 0 ? word : 'MORE'} ${piece}`,
  );
}
function lines(base64) {
  return base64.match(/.{1,76}/g) ?? [];
}
function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => path.relative(folder, path.join(each.parentPath ?? each.path, each.name)))
    .sort();
}
async function stdin() {
  let all = '';
  for await (const piece of process.stdin) all += piece;
  return all;
}
