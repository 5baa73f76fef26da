import type { AdapterStatistics } from '../../model/tcpip';
import { fileRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { fired, notChecked, passed, type Outcome } from '../rule';

/** Whoever sends so many packets to single receivers is answered by some. */
const LEAST = 100;

/**
 * Two samples of what the adapter with the node's address counted: packets that leave by it while
 * none comes in say that the network loses what is sent to this node.
 */
export function judgeUplinkCounters(snapshot: NodeSnapshot): Outcome {
  const name = uplinkOf(snapshot);
  if (name === undefined)
    return notChecked('Which adapter has the address of the node is not known', 'compartments');
  const samples = snapshot.adapterStatistics.filter(
    ({ adapter }) => adapter.toLowerCase() === name.toLowerCase(),
  );
  const pairs = samples
    .filter(({ order }) => order === 2)
    .flatMap((second) => {
      const first = samples.find((each) => each.order === 1 && folderOf(each) === folderOf(second));
      return first === undefined ? [] : [{ first, second, ...grown(first, second) }];
    })
    .filter(({ sent, received }) => sent !== undefined && received !== undefined);
  if (pairs.length === 0)
    return notChecked(`Two samples of the counters of ${name} are needed`, 'adapterCounters');
  const silent = pairs.find(({ sent = 0, received }) => sent >= LEAST && received === 0);
  if (silent === undefined)
    return passed(
      pairs
        .map(({ sent, received }) => `${sent} packets left by ${name} and ${received} came in`)
        .join('; '),
    );
  return fired({
    severity: 'warning',
    title: `Packets leave by ${name} and none comes in`,
    summary: `Between two samples ${silent.sent} packets to single receivers left by ${name}, the uplink of the node, and none came in.`,
    cause:
      'The network loses what is sent to this node: another machine has its address or MAC, a VLAN of the switch port is wrong, or a security group or firewall drops it.',
    remedy: [
      {
        text: 'Capture on this node and on another one at the same time, and open both here.',
        command: 'pktmon start --capture --comp nics --pkt-size 0; <wait>; pktmon stop',
        disturbs: 'Nothing.',
        verify: {
          kind: 'observation',
          text: 'Counters of the next collection rise both ways.',
        },
      },
    ],
    entities: [fileRef(silent.second.file)],
    evidence: [...silent.second.evidence, ...silent.first.evidence],
  });
}

/** The adapter of the host's compartment that has the address of the node. */
function uplinkOf({ compartments, addresses }: NodeSnapshot): string | undefined {
  const own = addresses.managementIp?.value;
  return compartments
    .find(({ id }) => id === 1)
    ?.adapters.find(({ ipv4 }) => own !== undefined && ipv4.some(({ address }) => address === own))
    ?.name;
}

const folderOf = ({ file }: AdapterStatistics): string => file.slice(0, file.lastIndexOf('/') + 1);

interface Grown {
  readonly sent: number | undefined;
  readonly received: number | undefined;
}

/** Packets to single receivers; broadcasts of others say nothing of this node. */
function grown(first: AdapterStatistics, second: AdapterStatistics): Grown {
  const of = (name: string): number | undefined => {
    const [a, b] = [counterOf(first, name), counterOf(second, name)];
    return a === undefined || b === undefined || b < a ? undefined : b - a;
  };
  return { sent: of('sentunicastpackets'), received: of('receivedunicastpackets') };
}

const counterOf = ({ counters }: AdapterStatistics, name: string): number | undefined =>
  [...counters].find(([each]) => each.toLowerCase() === name)?.[1];
