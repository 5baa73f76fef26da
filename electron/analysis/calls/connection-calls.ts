import { tracedSwitch } from '../../../shared/trace/traced-switch';
import { connectionLegs } from '../../../shared/views/connection-legs';
import { containerChoices } from '../../../shared/views/container-choices';
import { clusterName, dnsServers, hostLookups, podLegs } from '../../../shared/views/pod-legs';
import { caseOnScreen } from './case-on-screen';
import { contextOf, type Handlers } from './handler';
import { traced } from './trace-calls';

/** A list to choose from; who has more containers searches by name. */
const MOST_CONTAINERS = 300;

export const connectionCalls: Handlers<
  'live-action:legs' | 'live-action:containers' | 'live-action:switch'
> = {
  'live-action:legs': ({ snapshotId, from }, about) => {
    const { snapshot } = contextOf(about, snapshotId);
    const containers = containerChoices(snapshot).slice(0, MOST_CONTAINERS);
    const chosen = containers.find(({ container }) => container.id === from) ?? containers[0];
    return {
      legs: [...connectionLegs(snapshot)],
      lookups: [...hostLookups(snapshot)],
      asks: chosen === undefined ? [] : [...podLegs(snapshot, chosen)],
      from: chosen?.container.id ?? null,
      containers,
    };
  },
  'live-action:containers': ({ snapshotId }, about) => {
    const { snapshot } = contextOf(about, snapshotId);
    return {
      containers: containerChoices(snapshot).slice(0, MOST_CONTAINERS),
      name: clusterName(snapshot).replace(/\.$/, ''),
      servers: dnsServers(snapshot).map(({ ip, kind }) => ({
        ip,
        title: kind === 'service' ? `DNS service ${ip}` : `DNS pod ${ip}`,
      })),
    };
  },
  'live-action:switch': ({ snapshotId, question, way }, about) => {
    const { snapshot } = contextOf(about, snapshotId);
    const { result } = traced(about, snapshotId, question);
    if (result.kind === 'problem') return { asks: [], notAsked: [] };
    return tracedSwitch(result.trace, caseOnScreen(about, snapshotId), way, snapshot);
  },
};
