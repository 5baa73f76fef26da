import type { ReactElement } from 'react';

const pairs = [
  [
    'HNS, the Host Networking Service',
    'The kernel’s network devices and bridges, plus the tools that set up iptables',
    'Keeps networks, endpoints, namespaces and load balancers as objects, and programs them into the virtual switch',
  ],
  [
    'VFP, the Virtual Filtering Platform',
    'iptables chains, or the Open vSwitch datapath',
    'An extension of the virtual switch; the rules of every port are applied here, packet by packet',
  ],
  [
    'Hyper-V virtual switch (vSwitch)',
    'A Linux bridge',
    'One per HNS network of type l2bridge, overlay or transparent',
  ],
  [
    'vSwitch port and VFP port',
    'The host’s end of a veth pair',
    'Where a container’s adapter is plugged in; each has VFP layers of its own',
  ],
  [
    'HNS endpoint',
    'The container’s end of a veth pair, with its address',
    'IP, MAC, DNS and policies of one adapter of one pod',
  ],
  [
    'Network compartment, HNS namespace',
    'A network namespace',
    'Adapters, routes and sockets of a pod, apart from the host’s, which is compartment 1',
  ],
  [
    'kube-proxy in kernelspace mode',
    'kube-proxy in ipvs or iptables mode',
    'Turns Services into HNS load balancers',
  ],
  [
    'flanneld host-gw with win-bridge',
    'flanneld host-gw with the bridge plugin',
    'Routes to other nodes’ pod subnets, next hop the other node; the same idea on both',
  ],
  [
    'flanneld vxlan with win-overlay',
    'flanneld vxlan with a flannel.1 device',
    'Pod traffic between nodes is wrapped in UDP 4789 between provider addresses',
  ],
  [
    'OutBoundNAT policy',
    'The MASQUERADE rule',
    'Source NAT to the node’s address, but for the networks on its exception list',
  ],
] as const;

export function CounterpartsLesson(): ReactElement {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Windows</th>
          <th scope="col">Linux</th>
          <th scope="col">What it does</th>
        </tr>
      </thead>
      <tbody>
        {pairs.map(([windows, linux, does]) => (
          <tr key={windows}>
            <td>{windows}</td>
            <td>{linux}</td>
            <td className="dim">{does}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
