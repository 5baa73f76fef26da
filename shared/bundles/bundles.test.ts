import { describe, expect, it } from 'vitest';
import { textFileOf } from '../text/text-file';
import { identifyCollector } from './collectors';
import { fileGuide } from './file-guide';

const bundle = (...files: (string | [string, string])[]): ReturnType<typeof textFileOf>[] =>
  files.map((file) => (typeof file === 'string' ? textFileOf(file, '') : textFileOf(...file)));

describe('the collector of a bundle', () => {
  it.each([
    [1, bundle('network.txt', 'endpoint.txt', 'policy.txt')],
    [2, bundle('network.txt', ['ip.txt', 'Network Information for Compartment 1 (ACTIVE)'])],
    [3, bundle('network.txt', ['endpoint.txt', 'Name  Id\n----  --\n'])],
    [4, bundle('network.txt', 'endpoint.txt', 'mtu.txt')],
    [6, bundle('network.txt', 'endpoint.txt', 'mtu.txt', 'docker.txt', 'arp.txt')],
    [
      9,
      bundle(
        'x.zip!/network.txt',
        'x.zip!/endpoint.txt',
        'x.zip!/adapters/vEthernet (nat)_int.txt',
      ),
    ],
    [11, bundle('network.txt', ['endpoint.txt', '    "HostComputeNetwork":  "1"'])],
    [14, bundle('network.txt', 'endpoint.txt', 'windowsServices.txt')],
  ])('is generation %i of collectlogs.ps1', (generation, files) => {
    expect(identifyCollector(files)).toMatchObject({ kind: 'collectlogs', generation });
  });

  it('is told by the files of each distribution', () => {
    expect(
      identifyCollector(bundle('20230815-205120-hnsdiag-list.txt', 'network.txt', 'endpoint.txt'))
        .kind,
    ).toBe('aks');
    expect(
      identifyCollector(bundle('network/hns/network.txt', 'kubelet/kubelet-service.csv')).kind,
    ).toBe('eks');
    expect(identifyCollector(bundle('network/vfpports.txt', 'network/ipconfigall.txt')).kind).toBe(
      'rancher',
    );
    expect(identifyCollector(bundle('hnsendpoints.log', 'network.log')).kind).toBe('capz');
    expect(identifyCollector(bundle('photo.jpg')).kind).toBe('unknown');
  });
});

describe('what a file is', () => {
  it.each([
    ['vfpOutput.txt', /filtering platform/, /dumpVfpPolicies/],
    ['b.zip!/adapters/vEthernet (nat)_int.txt', /one adapter/, /netsh int ipv4/],
    ['20230815-205120_services.csv', /service manager/, /Get-WinEvent/],
    ['C/k/kubelet.log', /log of kubelet/, undefined],
  ])('%s', (path, what, command) => {
    const guide = fileGuide(path);
    expect(guide?.what).toMatch(what);
    if (command === undefined) expect(guide?.command).toBeUndefined();
    else expect(guide?.command).toMatch(command);
  });

  it('is not guessed for unknown names', () => {
    expect(fileGuide('notes.docx')).toBeUndefined();
  });
});
