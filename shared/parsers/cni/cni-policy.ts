import type { CniPolicy, Placed } from '../../model/cni';
import type { HnsPolicy } from '../../model/hns';
import type { JsonValue } from '../json-tree';
import { booleanOf, itemsOf, member, numberOf, textOf } from '../json-tree';
import { evidenceOf, placedText } from './config-text';

/**
 * Reads one policy of `policies` / `AdditionalArgs`: `{Name: "EndpointPolicy", Value: {Type, ...}}`
 * with flat fields (V1) or `Settings` (V2, the HCN schema), or bare `{Type, Settings}` as
 * `HcnPolicyArgs` writes it. Keys in any case. Undefined for an element without a type.
 */
export function cniPolicy(element: JsonValue, file: string): CniPolicy | undefined {
  const body = member(element, 'value') ?? element;
  const type = textOf(member(body, 'type'));
  if (type === undefined) return undefined;
  const settings = member(body, 'settings');
  const fields = settings?.kind === 'object' ? settings : body;
  const evidence = evidenceOf(element, file);
  const exceptions = exceptionsOf(fields, file);
  return {
    policy: { ...policyOf(type, fields, exceptions), evidence: [evidence] },
    form: settings?.kind === 'object' ? 'v2' : 'v1',
    exceptions,
    evidence,
  };
}

function exceptionsOf(fields: JsonValue, file: string): Placed<string>[] {
  const list = member(fields, 'exceptionlist', 'exceptions');
  return itemsOf(list).flatMap((item) => placedText(item, file) ?? []);
}

type Unsourced<T> = T extends unknown ? Omit<T, 'evidence'> : never;

function policyOf(
  type: string,
  fields: JsonValue,
  exceptions: readonly Placed<string>[],
): Unsourced<HnsPolicy> {
  const text = (...names: readonly string[]): string => textOf(member(fields, ...names)) ?? '';
  switch (type.toLowerCase()) {
    case 'outboundnat':
    case 'loopbackdsr':
      return {
        kind: 'outbound-nat',
        exceptions: exceptions.map(({ value }) => value),
        exceptionsKnown: true,
        virtualIp: textOf(member(fields, 'vip', 'virtualip')),
        destinations: itemsOf(member(fields, 'destinations')).flatMap((item) => textOf(item) ?? []),
      };
    case 'route':
    case 'sdnroute':
      return {
        kind: 'route',
        destinationPrefix: text('destinationprefix'),
        nextHop: textOf(member(fields, 'nexthop')),
        needEncap: booleanOf(member(fields, 'needencap', 'automaticencap')) ?? false,
      };
    case 'pa':
    case 'provideraddress':
      return { kind: 'provider-address', address: text('pa', 'provideraddress') };
    case 'acl':
      return {
        kind: 'acl',
        action: text('action'),
        direction: text('direction'),
        protocols: text('protocols', 'protocol'),
        localAddresses: text('localaddresses', 'localaddress'),
        remoteAddresses: text('remoteaddresses', 'remoteaddress'),
        localPorts: text('localports', 'localport'),
        remotePorts: text('remoteports', 'remoteport'),
        priority: numberOf(member(fields, 'priority')),
      };
    case 'nat':
    case 'portmapping':
      return {
        kind: 'port-mapping',
        protocol: numberOf(member(fields, 'protocol')),
        internalPort: numberOf(member(fields, 'internalport')) ?? 0,
        externalPort: numberOf(member(fields, 'externalport')) ?? 0,
      };
    default:
      return { kind: 'other', type, text: fieldsText(fields) };
  }
}

/** The fields of a policy of unknown type in short, for display. */
function fieldsText(fields: JsonValue): string {
  if (fields.kind !== 'object') return textOf(fields) ?? '';
  return fields.members
    .filter(({ key }) => key.toLowerCase() !== 'type')
    .map(
      ({ key, value }) =>
        `${key}=${
          textOf(value) ??
          itemsOf(value)
            .map((i) => textOf(i) ?? '…')
            .join(',')
        }`,
    )
    .join('; ');
}
