import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  CAPTURE_FETCH_SCRIPT,
  CAPTURE_START_SCRIPT,
  COLLECTOR_SCRIPT,
  collectorCommand,
} from './collector-command';
import { BEGINS, CAPTURE_FETCH, CAPTURE_START, CONVERTS, UNDOES } from './testing/capture-commands';
import { commandsOf, objections } from './testing/read-only';

const docs = readFileSync(new URL('../../docs/collector.md', import.meta.url), 'utf8');
const scripts = [
  { name: 'start', script: CAPTURE_START_SCRIPT, allowed: CAPTURE_START },
  { name: 'fetch', script: CAPTURE_FETCH_SCRIPT, allowed: CAPTURE_FETCH },
];
const sectionsOf = (script: string): string[] =>
  [...script.matchAll(/^Section (\S+)/gm)].map(([, name = '']) => name);

describe.each(scripts)('the script of a capture: $name', ({ script, allowed }) => {
  it('is valid, and does nothing that is not written on its own list', async () => {
    expect(await objections(script, allowed)).toEqual([]);
  });

  it('is refused by the list of what only reads', async () => {
    expect((await objections(script)).length).toBeGreaterThan(10);
  });

  it.each([
    ['another file removed', 'Remove-Item -LiteralPath C:\\k -Recurse -Force'],
    ['any session stopped', '& "$System\\pktmon.exe" unload'],
    ['another task removed', 'Unregister-ScheduledTask -TaskName * -Confirm:$false'],
    ['another program', '& "$System\\sc.exe" stop hns'],
    ['a file written', 'Set-Content -Path C:\\x -Value y'],
  ])('would be refused with %s', async (_, line) => {
    const spoilt = script.replace(/^Section .*\{$/m, (head) => `${head}\n  ${line}`);
    expect(await objections(spoilt, allowed)).not.toEqual([]);
  });

  it('runs in the frame of the collector, byte for byte', () => {
    const frame = COLLECTOR_SCRIPT.slice(COLLECTOR_SCRIPT.indexOf('# Output. A frame'));
    expect(script.endsWith(frame)).toBe(true);
    expect(script).toContain('$Options.capture = @($Given.capture)');
    expect(script).toContain('  function Remove-Capture {');
  });
});

describe('the two scripts of a capture', () => {
  it('need all that their lists allow', async () => {
    const start = await commandsOf(CAPTURE_START_SCRIPT);
    const fetch = await commandsOf(CAPTURE_FETCH_SCRIPT);
    expect([...BEGINS, ...UNDOES].filter((each) => !start.includes(each))).toEqual([]);
    expect([...CONVERTS, ...UNDOES].filter((each) => !fetch.includes(each))).toEqual([]);
    expect(fetch.filter((each) => BEGINS.includes(each))).toEqual([]);
  });

  it('register the way back before anything is changed that it takes back', () => {
    const at = (text: string): number => CAPTURE_START_SCRIPT.indexOf(text);
    const [register = '', ...others] = BEGINS;
    expect(at(register)).toBeGreaterThan(at("throw 'refused: a netsh trace is already running"));
    for (const each of others) expect(at(each)).toBeGreaterThan(at(register));
    // What is registered is what the other script runs, too.
    expect(at('${function:Remove-Capture}')).toBeLessThan(at(register));
  });

  it('stop and remove only what carries the number of the capture', () => {
    const own = CAPTURE_FETCH_SCRIPT.slice(
      CAPTURE_FETCH_SCRIPT.indexOf('function Stop-Capture'),
      CAPTURE_FETCH_SCRIPT.indexOf('# The sections, in the order'),
    );
    const lines = own.split('\n').filter((line) => /pktmon\.exe" stop|trace stop/.test(line));
    expect(lines.length).toBe(2);
    for (const line of lines) expect(line).toMatch(/status\) -join ' '\) -match \$Id\) \{/);
    expect(own).toMatch(/\$Own\.Count -eq \$Filters\.Count\) \{ .*filter remove \}/);
    expect(own).toContain('$Folder = "$env:SystemRoot\\Temp\\hns-workbench-capture-$Id"');
  });

  it('read what programs say line by line, not broken at 80 columns within the number', async () => {
    const commands = async (script: string): Promise<readonly string[]> =>
      (await commandsOf(script)).filter((each) => each.startsWith('Out-String'));
    const known = await commands(COLLECTOR_SCRIPT);
    expect(await commands(CAPTURE_START_SCRIPT)).toEqual(known);
    expect(await commands(CAPTURE_FETCH_SCRIPT)).toEqual(known);
  });

  it('end in what removes everything, which can be asked for alone', () => {
    expect(sectionsOf(CAPTURE_START_SCRIPT)).toEqual(['capture-start']);
    expect(sectionsOf(CAPTURE_FETCH_SCRIPT)).toEqual([
      ...['capture-stop', 'capture-packets', 'capture-text', 'capture-trace', 'capture-cleanup'],
    ]);
  });

  it('are explained in the documents: each section, each function, each change', async () => {
    const all = [...sectionsOf(CAPTURE_START_SCRIPT), ...sectionsOf(CAPTURE_FETCH_SCRIPT)];
    expect(all.filter((name) => !docs.includes(`\`${name}\``))).toEqual([]);
    const functions = [...CAPTURE_FETCH_SCRIPT.matchAll(/^ *function ([\w-]+)/gm)].map(
      ([, name = '']) => name,
    );
    expect(functions.filter((name) => !docs.includes(`\`${name}\``))).toEqual([]);
    const verbs = (await commandsOf(CAPTURE_START_SCRIPT)).filter((each) => BEGINS.includes(each));
    expect(verbs.length).toBe(BEGINS.length);
    for (const word of ['Register-ScheduledTask', 'icacls', 'pktmon start', 'pktmon filter add'])
      expect(docs).toContain(word);
    for (const word of ['netsh trace start', 'pktmon filter remove', 'Unregister-ScheduledTask'])
      expect(docs).toContain(word);
  });

  it('carry what is captured as data', () => {
    const hostile = `'; calc; "$(calc)\`%PATH%`;
    const capture = [{ id: hostile, seconds: 60, address: hostile }];
    const { command, input } = collectorCommand({ capture }, CAPTURE_START_SCRIPT);
    const bootstrap = Buffer.from(command.split(' ').at(-1) ?? '', 'base64').toString('utf16le');
    const [packed = '', parameters = ''] = Buffer.from(input).toString().split('\n');
    expect(gunzipSync(Buffer.from(packed, 'base64')).toString()).toBe(CAPTURE_START_SCRIPT);
    expect(`${bootstrap}${CAPTURE_START_SCRIPT}`).not.toMatch(/calc;|%PATH%/);
    expect(JSON.parse(Buffer.from(parameters, 'base64').toString())).toEqual({ capture });
  });
});
