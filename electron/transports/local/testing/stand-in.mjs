import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/*
 * Stands in for powershell.exe of a Windows computer: node stand-in.mjs SETTINGS.json ARGUMENTS...
 * SETTINGS are those of replay-node.mjs, which answers as PowerShell on the node would, and:
 *   script    for remoting: what alone may run here
 *   fail      ["<id>", "<text>"]: why the session cannot be made
 *   document  file for what came on standard input
 */
const [settingsFile = '', ...args] = process.argv.slice(2);
const settings = JSON.parse(readFileSync(settingsFile, 'utf8'));
const replay = fileURLToPath(new URL('../../testing/replay-node.mjs', import.meta.url));

if (settings.script === undefined) {
  process.exit(await answer(`powershell.exe ${args.join(' ')}`, undefined));
}
const text = Buffer.from(args.at(-1) ?? '', 'base64').toString('utf16le');
if (args.slice(0, -1).join(' ') !== '-NoLogo -NoProfile -NonInteractive -EncodedCommand')
  process.exit(90);
if (text !== settings.script) process.exit(91);
let input = '';
for await (const piece of process.stdin) input += piece;
if (settings.document) writeFileSync(settings.document, input);
if (settings.fail) failed(...settings.fail);
const given = JSON.parse(input);
const code = await answer([given.program, ...given.arguments].join(' '), given.lines.join('\n'));
if (code === undefined) failed('SessionBroken', 'The session ended before the command did.');
process.exit(code);

function failed(id, said) {
  process.stderr.write(`@@WB1 FAILED ${id} ${Buffer.from(said).toString('base64')}\n`);
  process.exit(7);
}

/** Runs the replay; gives its exit code, or nothing where its connection broke. */
function answer(command, text) {
  // The replay breaks its connection by ending its parent: this shell is there to be ended.
  const shell = ['-c', '"$0" "$1" "$2"; exit $?', process.execPath, replay, settingsFile];
  const child = spawn('/bin/sh', shell, {
    env: { ...process.env, SSH_ORIGINAL_COMMAND: command },
    stdio: [text === undefined ? 'inherit' : 'pipe', 'inherit', 'inherit'],
  });
  if (text !== undefined) child.stdin.end(text);
  return new Promise((resolve) => child.once('close', (ended) => resolve(ended ?? undefined)));
}
