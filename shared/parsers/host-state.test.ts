import { describe, expect, it } from 'vitest';
import { imagesParser } from './images';
import { opaqueParsers } from './opaque-files';
import { parseFile } from './parse-file';
import { windowsFeatureParser } from './windows-feature';
import { windowsServicesParser } from './windows-services';
import { winverParser } from './winver';
import { textFile, textFileOf } from '../text/text-file';
import { factsOf, parseText, scoreOf, survivesEveryCut, unaccounted } from './testing/accounting';

const WINVER = `

ProductName               : Windows Server 2019 Datacenter
CurrentBuild              : 17763
UBR                       : 1999
BuildLabEx                : 17763.1.amd64fre.rs5_release.180914-1434
`;

const SERVICES = `
Status   Name               DisplayName                           
------   ----               -----------                           
Running  hns                Host Network Service                  
Stopped  vfpext             Windows Virtual Filtering Platform ...
Running  containerd         containerd                            
`;

const QUERYEX = `
SERVICE_NAME: hns
DISPLAY_NAME: Host Network Service
        TYPE               : 30  WIN32
        STATE              : 4  RUNNING
                                (STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)
        WIN32_EXIT_CODE    : 0  (0x0)
        PID                : 1892
        FLAGS              :

SERVICE_NAME: docker
DISPLAY_NAME: Docker Engine
        TYPE               : 10  WIN32_OWN_PROCESS
        STATE              : 1  BEENDET
        PID                : 0
        FLAGS              :
`;

const services = (text: string) =>
  factsOf(parseText(windowsServicesParser, text).facts, 'services')[0]?.items.map((s) => [
    s.name,
    s.status,
  ]);

describe('Windows version', () => {
  const build = (text: string) =>
    factsOf(parseText(winverParser, text).facts, 'os-version')[0]?.items[0];

  it('reads the registry values', () => {
    expect(build(WINVER)).toMatchObject({
      productName: 'Windows Server 2019 Datacenter',
      build: 17763,
      ubr: 1999,
    });
    expect(unaccounted(WINVER, parseText(winverParser, WINVER))).toEqual([]);
    survivesEveryCut(winverParser, WINVER);
    // Each bracket could begin a version: looking from each to the end of the line would take minutes.
    expect(build(`${'['.repeat(1_000_000)}\n`)).toBeUndefined();
  });

  it('reads ver, a bare version and the registry table', () => {
    expect(build('Microsoft Windows [Version 10.0.20348.2031]')).toMatchObject({
      build: 20348,
      ubr: 2031,
    });
    expect(
      build('PS C:\\> (Get-WmiObject Win32_OperatingSystem).Version\n10.0.17763'),
    ).toMatchObject({ build: 17763 });
    expect(
      build(
        'ProductName          CurrentBuild UBR BuildLabEx\n-----------          ------------ --- ----------\nWindows Server 2022  20348        169 20348.1.amd64fre\n',
      ),
    ).toMatchObject({ build: 20348, ubr: 169 });
  });
});

describe('Windows services', () => {
  it('reads the table, whose display names may be cut', () => {
    expect(services(SERVICES)).toEqual([
      ['hns', 'running'],
      ['vfpext', 'stopped'],
      ['containerd', 'running'],
    ]);
    survivesEveryCut(windowsServicesParser, SERVICES);
  });

  it('reads sc queryex by the state number, whatever the language', () => {
    const result = parseText(windowsServicesParser, QUERYEX);
    expect(factsOf(result.facts, 'services')[0]?.items).toMatchObject([
      {
        name: 'hns',
        status: 'running',
        pid: 1892,
        displayName: 'Host Network Service',
        evidence: [{ line: 5 }, { line: 2 }],
      },
      { name: 'docker', status: 'stopped' },
    ]);
    expect(unaccounted(QUERYEX, result)).toEqual([]);
    survivesEveryCut(windowsServicesParser, QUERYEX);
  });

  it('knows that a few services are not all', () => {
    const complete = (text: string) =>
      factsOf(parseText(windowsServicesParser, text).facts, 'services')[0]?.complete;
    expect(complete(SERVICES)).toBe(false);
    const rows = Array.from(
      { length: 60 },
      (_, i) => `Running  Service${String(i).padEnd(11)} A service`,
    ).join('\n');
    expect(complete(`${SERVICES.trimEnd()}\n${rows}\n`)).toBe(true);
    expect(complete(`PS C:\\> Get-Service hns, vfp*\n${SERVICES.trimEnd()}\n${rows}\n`)).toBe(
      false,
    );
  });

  it('takes no firewall rule for a service', () => {
    expect(
      services(
        'DisplayName             : Overlay\nCreationClassName       : MSFT|FW|FirewallRule|x\nStatus                  : OK\nName                    : x\n',
      ),
    ).toBeUndefined();
  });
});

describe('features and images', () => {
  it('reads server and client features', () => {
    const server =
      'Display Name                                            Name                       Install State\n------------                                            ----                       -------------\n[X] Containers                                          Containers                     Installed\n[ ] Hyper-V                                             Hyper-V                        Available\n';
    const client =
      'FeatureName      : Containers\nDisplayName      : Containers\nState            : Disabled\n';
    const features = (text: string) =>
      factsOf(parseText(windowsFeatureParser, text).facts, 'features')[0]?.items.map((f) => [
        f.name,
        f.installed,
      ]);
    expect(features(server)).toEqual([
      ['Containers', true],
      ['Hyper-V', false],
    ]);
    expect(features(client)).toEqual([['Containers', false]]);
    expect(unaccounted(server, parseText(windowsFeatureParser, server))).toEqual([]);
  });

  it('reads image tables', () => {
    const text =
      'IMAGE                                     TAG        IMAGE ID       SIZE\nmcr.microsoft.com/windows/servercore      ltsc2019   5a2c1b3d0f7e   2.1GB\nmcr.microsoft.com/oss/kubernetes/pause    3.6        9adbbe02501b   104MB\n';
    const result = parseText(imagesParser, text);
    expect(factsOf(result.facts, 'images')[0]?.items.map((i) => i.name)).toEqual([
      'mcr.microsoft.com/windows/servercore:ltsc2019',
      'mcr.microsoft.com/oss/kubernetes/pause:3.6',
    ]);
    survivesEveryCut(imagesParser, text);
  });
});

describe('files that are listed and not read', () => {
  it.each([
    ['winevt/System.evtx', 'event-log'],
    ['server.pcapng', 'pcapng'],
    ['hnslogs/hnslogs1.etl', 'etl'],
  ])('lists the binary %s without decoding it', (path, kind) => {
    const bytes = Uint8Array.from({ length: 4000 }, (_, i) => i % 251);
    const file = parseFile(textFile(path, bytes, { encoding: 'binary' }));
    expect(file.kinds).toEqual([kind]);
    expect(file.facts).toHaveLength(1);
    expect(file.status).toBe('binary');
  });

  it('knows a capture by its magic number whatever its name', () => {
    const bytes = Uint8Array.from([0x0a, 0x0d, 0x0d, 0x0a, 1, 2, 3, 4]);
    const file = parseFile(textFile('capture', bytes, { encoding: 'binary' }));
    expect(factsOf(file.facts, 'captures')[0]?.items).toMatchObject([
      { file: 'capture', format: 'pcapng', bytes: 8 },
    ]);
  });

  it.each([
    'nvspinfo.txt',
    'nmscrub.txt',
    'nmbind.txt',
    'firewall.txt',
    'netadapter.txt',
    'wfp/filters.xml',
  ])('says what %s is and which command made it', (path) => {
    const file = parseFile(textFileOf(path, 'some text of an internal tool\nwith two lines\n'));
    expect(file.title).not.toMatch(/Not recognised/);
    expect(file.command).toBeTruthy();
    expect(file.unread).toEqual([]);
    expect(file.notes).toMatchObject([{ kind: 'info', line: 1, endLine: 2 }]);
  });

  it('says nothing of other files', () => {
    expect(opaqueParsers.some((parser) => scoreOf(parser, 'hello', 'notes.txt') > 0)).toBe(false);
  });
});

describe('transcripts of installers', () => {
  it('take no echo of a new service for a service that is stopped', () => {
    const text =
      'Installing Kubelet Service\n\nStatus      : Stopped\nName        : Kubelet\nDisplayName : Kubelet\n';
    expect(services(text)).toBeUndefined();
    expect(scoreOf(windowsServicesParser, text)).toBe(0);
  });
});
