import { describe, expect, it } from 'vitest';
import { caseOf } from '../synthetic/case-of';
import { planNode } from '../synthetic/node-plan';
import { bundleOf } from '../synthetic/synthetic-node';
import { resolveFlow, type FlowQuestion } from './flow';

const plan = planNode({ mode: 'l2bridge' });
const opened = caseOf(bundleOf(plan));
const client = plan.pods[2];

const flow = (question: FlowQuestion) => {
  const result = resolveFlow(question, opened);
  if (result.kind !== 'flow') throw new Error(result.text);
  return result.flow;
};
const problem = (question: FlowQuestion): string => {
  const result = resolveFlow(question, opened);
  return result.kind === 'problem' ? result.text : `${result.kind}, no problem`;
};

describe('who sends', () => {
  const to = '8.8.8.8:443';
  it.each([
    ['an address', client?.ip],
    ['a pod', client?.name],
    ['a pod with its namespace', `default/${client?.name ?? ''}`],
    ['the beginning of a name that only one pod has', 'win-client'],
    ['an endpoint id', client?.endpointId],
    ['an endpoint id as HNS prints it', client?.endpointId.toUpperCase()],
    ['the first digits of an endpoint id', client?.endpointId.slice(0, 8)],
  ])('%s', (_what, from) => {
    expect(flow({ from: from ?? '', to })).toMatchObject({
      origin: { kind: 'pod' },
      header: { sourceIp: client?.ip, sourceMac: client?.mac.toLowerCase() },
    });
  });

  it('the node, by name or address', () => {
    for (const from of [plan.node.name, plan.node.ip])
      expect(flow({ from, to })).toMatchObject({
        origin: { kind: 'host' },
        header: { sourceIp: plan.node.ip },
      });
  });

  it('somebody outside', () => {
    const result = flow({ from: '203.0.113.5', to: `${client?.ip ?? ''}:80` });
    expect(result.origin.kind).toBe('wire');
  });

  it('a name that several pods begin with is explained, not picked', () => {
    const text = problem({ from: 'win-webserver', to });
    expect(text).toContain('may be any of 4 pods');
    expect(text).toContain('10.244.19.29');
  });

  it('what is not there, with what may have been meant', () => {
    expect(problem({ from: 'win-clint', to })).toContain(`there is ${client?.name ?? ''}`);
  });

  it('both ends outside: a bundle is missing', () => {
    expect(problem({ from: '10.244.17.50', to: '10.244.18.49:80' })).toContain(
      'needs the bundle of one of the two nodes',
    );
  });

  it.each([
    ['127.0.0.1:80', 'loopback'],
    ['[::1]:80', 'loopback'],
    ['0.0.0.0:80', 'no address'],
    ['224.0.0.251:5353', 'multicast'],
    ['255.255.255.255:67', 'broadcast'],
    [`${client?.ip ?? ''}:80`, "the pod's own address"],
  ])('what meets no port, or more than one, is refused: %s', (to, what) => {
    const from = to.startsWith('[') ? 'fd00::5' : (client?.ip ?? '');
    expect(problem({ from, to })).toContain(what);
  });

  it('a service that leads back to the pod itself is traced all the same', () => {
    const pod = plan.pods[0]?.ip ?? '';
    expect(flow({ from: pod, to: 'win-webserver' }).origin.kind).toBe('pod');
  });

  it('a ping of a service goes to its address, and has no port', () => {
    const { header } = flow({ from: 'win-client', to: 'win-webserver', protocol: 'icmp' });
    expect(header).toMatchObject({ protocol: 1, destinationPort: undefined });
    expect(header.destinationIp).toBe(
      plan.services.find(({ name }) => name === 'win-webserver')?.clusterIp,
    );
  });

  it('nothing comes in from outside that is on the node itself', () => {
    const direction = 'in' as const;
    expect(
      problem({ from: client?.ip ?? '', to: `${plan.pods[0]?.ip ?? ''}:80`, direction }),
    ).toContain('leave --direction in away');
    expect(problem({ from: '203.0.113.5', to, direction: 'out' })).toContain('--direction in');
  });
});

describe('where to', () => {
  const from = client?.ip ?? '';
  it.each([
    ['win-webserver', '10.102.220.146', 80, 6],
    ['default/win-webserver:80', '10.102.220.146', 80, 6],
    ['win-webserver.default', '10.102.220.146', 80, 6],
    ['win-webserver.default.svc.cluster.local.:80', '10.102.220.146', 80, 6],
    ['kube-dns:dns-tcp', '10.96.0.10', 53, 6],
    ['kube-dns:9153', '10.96.0.10', 9153, 6],
    ['10.96.0.10:9153', '10.96.0.10', 9153, 6],
    [`${plan.pods[0]?.name ?? ''}:3389`, plan.pods[0]?.ip, 3389, 6],
    ['8.8.8.8', '8.8.8.8', undefined, 1],
  ])('%s', (to, destinationIp, destinationPort, protocol) => {
    expect(flow({ from, to }).header).toMatchObject({ destinationIp, destinationPort, protocol });
  });

  it('several ports that may be meant are listed', () => {
    expect(problem({ from, to: 'kube-dns:53' })).toContain('53/UDP, 53/TCP; write');
    expect(flow({ from, to: 'kube-dns:53', protocol: 'udp' }).header.protocol).toBe(17);
    expect(problem({ from, to: 'kube-dns:80' })).toContain('its ports are 53/UDP');
  });

  it.each([
    [{ to: '8.8.8.8', protocol: 'tcp' as const }, 'tcp needs a port'],
    [{ to: '8.8.8.8:0' }, 'is no port'],
    [{ to: '8.8.8.8:http' }, 'is no port'],
    [{ to: 'fd00::1' }, 'different address families'],
    [{ to: '[fd00::1]:80' }, 'different address families'],
    [{ to: 'nowhere:80' }, 'is no address, service, pod, endpoint or node'],
    [{ to: '' }, 'is no address'],
  ])('%j: %s', (question, text) => {
    expect(problem({ from, ...question })).toContain(text);
  });
});
