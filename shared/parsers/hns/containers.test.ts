import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Container } from '../../model/system';
import { textFileOf } from '../../text/text-file';
import { parseFile } from '../parse-file';
import type { ParsedFile } from '../parsed-file';
import { ctrContainersParser } from './ctr-containers';
import { dockerPsParser } from './docker-ps';
import { hcsdiagParser } from './hcsdiag';

const parse = (content: string): ParsedFile =>
  parseFile(textFileOf('x.txt', content), [dockerPsParser, ctrContainersParser, hcsdiagParser]);
const containers = (parsed: ParsedFile): readonly Container[] =>
  parsed.facts.flatMap((fact) => (fact.kind === 'containers' ? fact.items : []));

const DOCKER = `PS C:\\> docker ps -a
CONTAINER ID        IMAGE                         COMMAND                   CREATED             STATUS              PORTS               NAMES
79eab0190839        kubeletwin/pause              "cmd /c ping -t loca…"    2 hours ago         Up 2 hours                              k8s_POD_win-webserver-1_default_ab_0
e215c0f78368        microsoft/windowsservercore   "powershell.exe -com…"    2 hours ago         Exited (1) 2 hours ago                  k8s_web_win-webserver-1_default_ab_0
`;
const CTR = `CONTAINER                                                           IMAGE                                      RUNTIME
291cd4892b99a3c3a9b4e4f4e6d2f0a1b2c3d4e5f60718293a4b5c6d7e8f9012    mcr.microsoft.com/oss/kubernetes/pause:3.6    io.containerd.runhcs.v1
0f70f0bcccaf11112222333344445555666677778888999900001111222233aa    docker.io/library/web:1                       io.containerd.runhcs.v1
`;
const PODS = `POD ID              CREATED             STATE               NAME                NAMESPACE           ATTEMPT             RUNTIME
291cd4892b99a       3 days ago          Ready               web-1               default             0                   runhcs
`;
const HCS = `79eab0190839b289532a0f4823905b61cf9a23ab4039a91a773584c5c1e063c
    Windows Server Container,  Running, 12345678-1234-1234-1234-123456789ABC, containerd-shim-runhcs-v1.exe
`;

describe('containers of the node', () => {
  it('reads docker ps with the pods the kubelet named', () => {
    expect(containers(parse(DOCKER))).toMatchObject([
      {
        id: '79eab0190839',
        isPause: true,
        podName: 'win-webserver-1',
        podNamespace: 'default',
        state: 'Up',
      },
      { id: 'e215c0f78368', isPause: false, image: 'microsoft/windowsservercore', state: 'Exited' },
    ]);
  });

  it('reads ctr and crictl', () => {
    expect(containers(parse(CTR)).map((c) => [c.id.slice(0, 12), c.isPause])).toEqual([
      ['291cd4892b99', true],
      ['0f70f0bcccaf', false],
    ]);
    expect(containers(parse(PODS))).toMatchObject([
      {
        id: '291cd4892b99a',
        isPause: true,
        podName: 'web-1',
        podNamespace: 'default',
        state: 'Ready',
      },
    ]);
  });

  it('reads hcsdiag', () => {
    expect(containers(parse(HCS))).toMatchObject([
      { runtime: 'hcs', state: 'Running', evidence: [{ line: 1, endLine: 2 }] },
    ]);
  });

  it('takes a header alone for an empty list', () => {
    expect(parse('CONTAINER    IMAGE    RUNTIME\n').facts).toEqual([
      { kind: 'containers', items: [] },
    ]);
  });

  it('loses no line wherever the text is cut', () => {
    fc.assert(
      fc.property(fc.constantFrom(DOCKER, CTR, PODS, HCS), fc.nat(400), (whole, cut) => {
        const parsed = parse(whole.slice(0, cut));
        expect(parsed.readLines).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
