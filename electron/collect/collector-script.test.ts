import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodedCommand } from '../transports/encoded-command';
import {
  COLLECTOR_SCRIPT,
  collectorCommand,
  CONNECTIONS_SCRIPT,
  PROCESS_TUPLES_SCRIPT,
} from './collector-command';
import { CONSTRAINED_COMMANDS } from './constrained';
import { PARSERS } from '../../shared/parsers';
import { scoreOf } from '../../shared/parsers/testing/accounting';
import { objections } from './testing/read-only';

const docs = readFileSync(new URL('../../docs/collector.md', import.meta.url), 'utf8');
const sections = [...COLLECTOR_SCRIPT.matchAll(/^Section (\S+) (\S+) \{/gm)].map(
  ([, name = '', file = '']) => ({ name, file }),
);

describe('the collector', () => {
  it('is valid and calls nothing but what only reads', async () => {
    expect(await objections(COLLECTOR_SCRIPT)).toEqual([]);
  });

  it.each([
    ['a command that changes something', 'Remove-Item C:\\k'],
    ['an alias', 'iex "hi"'],
    ['another program', 'Invoke-Tool shutdown.exe /r'],
    ['another verb of a program', 'Invoke-Tool netsh.exe int ipv4 set int 5 mtu=1400'],
    ['a bare program', 'netsh.exe int ipv4 set int 5 mtu=1400'],
    ['another request to HNS', 'Invoke-HnsRequest -Method DELETE -Type networks'],
    ['a call of a variable', '& $Something'],
    ['a redirection', 'Get-Date > C:\\time.txt'],
    ['a method that deletes', '[IO.File]::Delete("C:\\x")'],
    ['a file written elsewhere', '[IO.File]::Create("C:\\x")'],
    ['a download', '(New-Object -TypeName Net.WebClient).DownloadString("http://x")'],
    ['a method of a value', '$Service.Stop()'],
    ['a misspelt keyword', 'try { Get-Date } cach { }'],
    ['an open brace', 'if ($true) {'],
  ])('would be refused with %s', async (_, line) => {
    const at = COLLECTOR_SCRIPT.indexOf('Section os winver.txt');
    const spoilt = `${COLLECTOR_SCRIPT.slice(0, at)}${line}\n${COLLECTOR_SCRIPT.slice(at)}`;
    expect(await objections(spoilt)).not.toEqual([]);
  });

  it('has every section and function explained in the documents', () => {
    expect(sections.length).toBeGreaterThan(35);
    const unexplained = sections.filter(({ name }) => !docs.includes(`| \`${name}\` |`));
    expect(unexplained).toEqual([]);
    const functions = [...COLLECTOR_SCRIPT.matchAll(/^ *function ([\w-]+)/gm)].map(
      ([, name]) => name,
    );
    expect(functions.length).toBeGreaterThan(20);
    expect(functions.filter((name) => !docs.includes(`\`${name}\``))).toEqual([]);
  });

  it('writes files that are known by their names, or by what is in them', () => {
    const byContent = /^(feature\.txt|images\.txt|vfp\/ports\.json|pktmon-counters.*)$/;
    const more = [...COLLECTOR_SCRIPT.matchAll(/^ +Start-File ([\w.-]+)$/gm)].map(
      ([, file]) => file,
    );
    const names = [...sections.map(({ file }) => file), ...more].filter(
      (file): file is string => file !== undefined && !byContent.test(file),
    );
    const unknown = names.filter(
      (file) => !PARSERS.some((parser) => scoreOf(parser, 'x', file) > 0),
    );
    expect(unknown).toEqual([]);
  });

  it('gives each section a file of its own', () => {
    expect(new Set(sections.map(({ file }) => file.toLowerCase())).size).toBe(sections.length);
  });
});

describe('the question to the switch', () => {
  it('is valid and asks only what changes nothing', async () => {
    expect(await objections(PROCESS_TUPLES_SCRIPT)).toEqual([]);
    expect(PROCESS_TUPLES_SCRIPT.match(/^Section \S+/gm)).toEqual(['Section process-tuples']);
    expect(PROCESS_TUPLES_SCRIPT).toContain('$Options.tuples = @($Given.tuples)');
  });
});

describe('the script of connections', () => {
  it('is valid, and calls nothing but what the collector may, and a TCP connection', async () => {
    expect(await objections(CONNECTIONS_SCRIPT)).toEqual([]);
    expect(CONNECTIONS_SCRIPT.match(/^Section \S+/gm)).toEqual([
      'Section host-connections',
      'Section host-lookups',
      'Section inside-containers',
    ]);
    for (const name of ['legs', 'lookups', 'asks'])
      expect(CONNECTIONS_SCRIPT).toContain(`$Options.${name} = @($Given.${name})`);
    // The frame is the collector's, byte for byte.
    const frame = COLLECTOR_SCRIPT.slice(COLLECTOR_SCRIPT.indexOf('# Output. A frame'));
    expect(CONNECTIONS_SCRIPT.endsWith(frame)).toBe(true);
    expect(frame.length).toBeGreaterThan(3000);
  });

  it.each([
    ['another program in a container', 'crictl.exe exec $Id cmd.exe /c $Ask.name'],
    ['what a parameter names', 'docker.exe exec $Id $Ask.program'],
    ['an option more', 'docker.exe exec --privileged $Id ipconfig.exe /all'],
    ['errors written to a file', 'docker.exe exec $Id ipconfig.exe /all 2> C:\\x'],
  ])('would be refused with %s', async (_, words) => {
    const at = CONNECTIONS_SCRIPT.indexOf('Section host-lookups');
    const spoilt = `${CONNECTIONS_SCRIPT.slice(0, at)}Invoke-Tool ${words}\n${CONNECTIONS_SCRIPT.slice(at)}`;
    expect(await objections(spoilt)).not.toEqual([]);
  });

  it('shares no section with the collector, whose files it would replace', () => {
    const own = [...CONNECTIONS_SCRIPT.matchAll(/^Section (\S+)/gm)].map(([, name]) => name);
    expect(own.filter((name) => sections.some((each) => each.name === name))).toEqual([]);
  });

  it('carries what it connects to as data', () => {
    const legs = [`'; calc; '`, '$(calc)', '`calc`', '%PATH%', 'a\nb', '"'].map((name) => ({
      ...{ name, host: name, port: 80 },
    }));
    const { command, input } = collectorCommand({ legs }, CONNECTIONS_SCRIPT);
    const bootstrap = Buffer.from(command.split(' ').at(-1) ?? '', 'base64').toString('utf16le');
    const [packed = '', parameters = ''] = Buffer.from(input).toString().split('\n');
    expect(gunzipSync(Buffer.from(packed, 'base64')).toString()).toBe(CONNECTIONS_SCRIPT);
    expect(`${bootstrap}${CONNECTIONS_SCRIPT}`).not.toMatch(/calc|%PATH%/);
    expect(JSON.parse(Buffer.from(parameters, 'base64').toString())).toEqual({ legs });
  });
});

describe('the command line that starts it', () => {
  it('is read alike by cmd.exe, PowerShell and sh, and short enough for each', () => {
    const { command } = collectorCommand({});
    expect(command).toMatch(/^powershell\.exe [A-Za-z0-9+/= -]+$/);
    expect(command.length).toBeLessThan(8191);
    for (const each of CONSTRAINED_COMMANDS)
      expect(encodedCommand(each.command)).toMatch(/^powershell\.exe [A-Za-z0-9+/= -]+$/);
  });

  it('names the hash of what it will run, and carries parameters as data', () => {
    const hostile = `'; calc; '$(calc)\`%PATH%\n"`;
    const { command, input } = collectorCommand({ include: [hostile] });
    const bootstrap = Buffer.from(command.split(' ').at(-1) ?? '', 'base64').toString('utf16le');
    const [packed = '', parameters = ''] = Buffer.from(input).toString().split('\n');
    const script = gunzipSync(Buffer.from(packed, 'base64'));
    expect(script.toString()).toBe(COLLECTOR_SCRIPT);
    expect(bootstrap).toContain(createHash('sha256').update(script).digest('hex').toUpperCase());
    expect(bootstrap).not.toContain('calc');
    expect(JSON.parse(Buffer.from(parameters, 'base64').toString())).toEqual({
      include: [hostile],
    });
  });

  it('runs nothing but listings where the language is constrained', async () => {
    for (const { command } of CONSTRAINED_COMMANDS) {
      const first = command.split(' ')[0] ?? '';
      expect(['Get-', 'sc.e', 'hnsd', 'vfpc', 'ipco', 'rout', 'nets', 'arp.', 'hcsd']).toContain(
        first.slice(0, 4),
      );
      expect(command).not.toMatch(/\b(set|add|delete|remove|start|stop|kill|reset)\b/i);
    }
  });
});
