import type { NodePlan } from './node-plan';
import { switchIdOf } from './hns-v2-text';

interface Port {
  readonly name: string;
  readonly friendly: string;
  readonly id: string;
  readonly type: string;
  readonly mac: string;
  readonly nic: string;
}

function ports(plan: NodePlan): Port[] {
  const nic = (id: string): string => `${switchIdOf(plan).toUpperCase()}--${id.toUpperCase()}`;
  const { bridge } = plan;
  return [
    {
      name: plan.externalPort,
      friendly: 'ExternalPort',
      id: '1',
      type: 'External',
      mac: plan.node.hostMac,
      nic: 'Ethernet0',
    },
    {
      name: plan.hostPort,
      friendly: 'Host Vnic',
      id: '2',
      type: 'Internal',
      mac: plan.node.hostMac,
      nic: nic(plan.hostPort),
    },
    ...(bridge === undefined
      ? []
      : [
          {
            name: bridge.portGuid,
            friendly: `Host Vnic ${bridge.name}`,
            id: '3',
            type: 'Internal',
            mac: bridge.mac,
            nic: nic(bridge.id),
          },
        ]),
    ...plan.pods.map((p) => ({
      name: p.portGuid,
      friendly: `Container NIC ${p.endpointId.slice(0, 8)}`,
      id: p.portId,
      type: 'Internal',
      mac: p.mac,
      nic: nic(p.endpointId),
    })),
  ];
}

function portText(plan: NodePlan, port: Port): string[] {
  return [
    `Port name                : ${port.name.toUpperCase()}`,
    `Port Friendly name       : ${port.friendly}`,
    `Switch name              : ${switchIdOf(plan).toUpperCase()}`,
    'Switch Friendly name     : Ethernet0',
    `PortId                   : ${port.id}`,
    'VMQ Weight               : 100',
    'VMQ Usage                : 1',
    'SR-IOV Weight            : 0',
    'SR-IOV Usage             : 0',
    `Port type                : ${port.type}`,
    'Port is Initialized.',
    'MAC Learning is Disabled.',
    `NIC name                 : ${port.nic}`,
    `NIC Friendly name        : ${port.friendly}`,
    'MTU                      : 1500',
    `MAC address              : ${port.mac}`,
    'VM name                  : ',
    'VM ID                    : ',
    'NIC is Connected.',
    'NIC State                : 5',
    '',
  ];
}

/** ports.txt: `vfpctrl /list-vmswitch-port`. */
export function portsText(plan: NodePlan): string {
  return [
    '',
    ' ITEM LIST',
    '===========',
    '',
    ...ports(plan).flatMap((p) => portText(plan, p)),
    'Command list-vmswitch-port succeeded!',
    '',
  ].join('\n');
}
