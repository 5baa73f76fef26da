import { describe, expect, it } from 'vitest';
import { debugWindowsNodeParser } from './debug-windows-node';
import { pesterParser } from './pester';
import { factsOf, parseText, scoreOf, survivesEveryCut, unaccounted } from './testing/accounting';

const DEBUG = `PS C:\\k\\yaml> .\\Debug-WindowsNode.ps1
Checking for common problems with Windows Kubernetes nodes
Container Host OS Product Name: Windows Server 2019 Datacenter
Container Host OS Build Label: 17763.1.amd64fre.rs5_release.180914-1434
Describing Windows Version and Prerequisites
 [+] Is Windows Server 2019 108ms
 [+] Has 'Containers' feature installed 3.31s
 [-] Has HNS running 77ms
   Expected: {Running}
   But was:  {Stopped}
   at line: 27 in C:\\k\\yaml\\Debug-WindowsNode.ps1
   27:         (Get-Service "hns").Status | Should BeExactly "Running"
Describing Docker is installed
 [+] Should be a supported version 61ms
Docker version: 18.09.5
Describing Kubernetes processes are running
 [+] There is 1 running kubelet.exe process 70ms
`;

/** A run whose console wrapped long lines in the middle of words. */
const VALIDATE = `PS C:\\k> .\\ValidateKubernetes.Pester.tests.ps1
Describing Kubernetes Prerequisites
   Context Checking Docker images
    [+] should have windowservercore image 1.47s
Describing Basic Connectivity Tests
   Context Windows Connectivity
Waiting for the deployment (win-webserver) to be complete. @{availableReplicas=2; re
adyReplicas=2; replicas=4; unavailableReplicas=2; updatedReplicas=4}
    [+] should have more than 1 local container 32.28s
Checking win-webserver-7f64f4ff9f-2dg2g has IP address 10.244.17.49
Checking win-webserver-7f64f4ff9f-5s9qx has IP address 10.244.17.50
    [+] Pods should have correct IP 2.19s
Testing from win-webserver-7f64f4ff9f-2dg2g 10.244.17.49
    [-] Pods should have Internet connectivity 12.5s
      Expected: value was {200}, but was {0}
      at TestConnectivity, C:\\k\\ValidateKubernetesHelper.psm1: line 41
Tests completed in 52.1s
Passed: 3 Failed: 1 Skipped: 0 Pending: 0 Inconclusive: 0
`;

const V5 = `
Starting discovery in 1 files.
Discovery found 3 tests in 41ms.
Running tests.

Running tests from 'C:\\k\\node.Tests.ps1'
Describing Node
 Context Services
   [+] hns runs 12ms (9ms|3ms)
   [-] vfpext runs 31ms (30ms|1ms)
    Expected 'Running', but got 'Stopped'.
    at $s.Status | Should -Be 'Running', C:\\k\\node.Tests.ps1:12
   [!] is skipped 0ms (0ms|0ms)
Tests completed in 1.1s
Tests Passed: 1, Failed: 1, Skipped: 1, Inconclusive: 0, NotRun: 0
`;

const tests = (parser: typeof pesterParser, text: string) =>
  factsOf(parseText(parser, text).facts, 'tests')[0];

describe('Debug-WindowsNode', () => {
  it('reads the tests with their failure text', () => {
    const fact = tests(debugWindowsNodeParser, DEBUG);
    expect(fact?.suite).toBe('debug-windows-node');
    expect(fact?.items.map(({ name, result, durationMs }) => [name, result, durationMs])).toEqual([
      ['Is Windows Server 2019', 'passed', 108],
      ["Has 'Containers' feature installed", 'passed', 3310],
      ['Has HNS running', 'failed', 77],
      ['Should be a supported version', 'passed', 61],
      ['There is 1 running kubelet.exe process', 'passed', 70],
    ]);
    expect(fact?.items[2]?.message).toContain('But was:  {Stopped}');
    expect(fact?.items[2]?.evidence).toMatchObject([{ line: 8, endLine: 12 }]);
    expect(fact?.items[3]?.message).toBe('Docker version: 18.09.5');
    expect(unaccounted(DEBUG, parseText(debugWindowsNodeParser, DEBUG))).toEqual([]);
  });

  it('reads product and build, and takes the branch revision for no update', () => {
    expect(
      factsOf(parseText(debugWindowsNodeParser, DEBUG).facts, 'os-version')[0]?.items,
    ).toMatchObject([
      {
        productName: 'Windows Server 2019 Datacenter',
        build: 17763,
        evidence: [{ line: 4 }, { line: 3 }],
      },
    ]);
    expect(
      factsOf(parseText(debugWindowsNodeParser, DEBUG).facts, 'os-version')[0]?.items[0]?.ubr,
    ).toBeUndefined();
  });

  it('wins over the general reader', () => {
    expect(scoreOf(debugWindowsNodeParser, DEBUG)).toBeGreaterThan(scoreOf(pesterParser, DEBUG));
  });
});

describe('Pester runs', () => {
  it('reads the validation run, wrapped lines and waits included', () => {
    const fact = tests(pesterParser, VALIDATE);
    expect(fact?.suite).toBe('validate-kubernetes');
    expect(fact?.rollouts).toMatchObject([
      {
        deployment: 'win-webserver',
        replicas: 4,
        available: 2,
        evidence: [{ line: 7, endLine: 8 }],
      },
    ]);
    expect(fact?.items.map(({ name, context, result }) => [name, context, result])).toEqual([
      ['should have windowservercore image', 'Checking Docker images', 'passed'],
      ['should have more than 1 local container', 'Windows Connectivity', 'passed'],
      ['Pods should have correct IP', 'Windows Connectivity', 'passed'],
      ['Pods should have Internet connectivity', 'Windows Connectivity', 'failed'],
    ]);
    expect(fact?.items[2]?.message).toContain(
      'win-webserver-7f64f4ff9f-2dg2g has IP address 10.244.17.49',
    );
    expect(fact?.items[3]?.message).toMatch(/Testing from win-webserver.*\nExpected/);
    expect(unaccounted(VALIDATE, parseText(pesterParser, VALIDATE))).toEqual([]);
  });

  it('joins a test name that the console wrapped inside a word', () => {
    const fact = tests(
      pesterParser,
      'Describing X\n [+] There is 1 running kube-pro\nxy.exe process 54ms\n',
    );
    expect(fact?.items).toMatchObject([
      {
        name: 'There is 1 running kube-proxy.exe process',
        durationMs: 54,
        evidence: [{ line: 2, endLine: 3 }],
      },
    ]);
  });

  it('reads version 5 with its split durations', () => {
    expect(
      tests(pesterParser, V5)?.items.map(({ name, result, durationMs }) => [
        name,
        result,
        durationMs,
      ]),
    ).toEqual([
      ['hns runs', 'passed', 12],
      ['vfpext runs', 'failed', 31],
      ['is skipped', 'skipped', 0],
    ]);
    expect(unaccounted(V5, parseText(pesterParser, V5))).toEqual([]);
  });

  it('reads coloured output', () => {
    const coloured = VALIDATE.replace(/^(\s*\[[+-]\].*)$/gm, '\u001b[32m$1\u001b[0m');
    expect(tests(pesterParser, coloured)?.items).toHaveLength(4);
  });

  it('says where the run was cut', () => {
    const result = parseText(pesterParser, VALIDATE.split('\n').slice(0, 13).join('\n'));
    expect(result.notes).toMatchObject([{ kind: 'truncated', line: 13 }]);
  });

  it('survives every cut', () => {
    survivesEveryCut(pesterParser, VALIDATE);
    survivesEveryCut(pesterParser, V5);
    survivesEveryCut(debugWindowsNodeParser, DEBUG);
  });
});
