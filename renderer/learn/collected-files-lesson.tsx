import type { ReactElement } from 'react';

const files = [
  [
    'network.txt, endpoint.txt, policy.txt',
    'Networks, endpoints and load balancers as HNS holds them',
  ],
  ['hnsdiag.txt', 'The same in HNS’s second schema, as its own tool lists it'],
  ['vfpOutput.txt', 'Every layer, group and rule of every port; by far the largest file'],
  ['ports.txt', 'Ports of the virtual switch, and which endpoint each belongs to'],
  ['ip.txt', 'Adapters, addresses and DNS of every compartment'],
  ['routes.txt', 'The routing table'],
  ['mtu.txt, *_int.txt', 'Interfaces with their MTU and forwarding'],
  ['excludedportrange.txt, dynamicportrange.txt', 'Port ranges that NAT and NodePorts compete for'],
  ['docker.txt, hcsdiag.txt', 'Containers, the pause containers among them'],
  ['services.txt, winver.txt', 'Windows services and version'],
] as const;

export function CollectedFilesLesson(): ReactElement {
  return (
    <>
      <table>
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col">Holds</th>
          </tr>
        </thead>
        <tbody>
          {files.map(([name, holds]) => (
            <tr key={name}>
              <td className="mono">{name}</td>
              <td>{holds}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        It does <strong>not</strong> hold component logs, CNI files, anything of kubectl, or a list
        of processes. Checks that need those say so, and name the command; paste its output.
      </p>
    </>
  );
}
