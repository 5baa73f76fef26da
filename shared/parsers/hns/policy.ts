import type { Evidence } from '../../model/evidence';
import type { HnsPolicy } from '../../model/hns';
import { mac } from '../../model/ids';
import {
  booleanField,
  compactText,
  field,
  isWhole,
  itemsField,
  numberField,
  textField,
  textsField,
  type HnsValue,
} from './hns-value';

/** Gives the evidence of a line range of the file that is being read. */
export type At = (range: { readonly line: number; readonly endLine: number }) => Evidence;

/** All policies of an object's `Policies`, V1 and V2. */
export function hnsPolicies(object: HnsValue, at: At): HnsPolicy[] {
  return itemsField(object, 'policies').map((policy) => hnsPolicy(policy, at));
}

/** Were all policies of the object printed with their types? A list cut after four was not. */
export function policiesKnown(object: HnsValue): boolean {
  const policies = field(object, 'policies');
  return (
    isWhole(policies) && itemsField(object, 'policies').every((item) => item.kind === 'object')
  );
}

/**
 * One HNS policy in the model's form. V1 keeps the fields beside `Type`, V2 (HCN) under `Settings`;
 * field names by hcsshim's V1 and HCN schemas. Unknown types keep their text.
 */
export function hnsPolicy(policy: HnsValue, at: At): HnsPolicy {
  const type = textField(policy, 'type') ?? '';
  const settings = field(policy, 'settings') ?? policy;
  const evidence = [at(policy)];
  switch (type.toLowerCase()) {
    case 'outboundnat': {
      const listed = field(settings, 'exceptionlist', 'exceptions');
      return {
        kind: 'outbound-nat',
        exceptions: textsField(settings, 'exceptionlist', 'exceptions'),
        // No list at all is a NAT without exceptions; a list that was not printed is unknown.
        exceptionsKnown: (listed === undefined || isWhole(listed)) && isWhole(policy),
        virtualIp: textField(settings, 'vip', 'virtualip'),
        destinations: textsField(settings, 'destinations'),
        evidence,
      };
    }
    case 'route':
    case 'sdnroute':
      return {
        kind: 'route',
        destinationPrefix: textField(settings, 'destinationprefix') ?? '',
        nextHop: textField(settings, 'nexthop'),
        needEncap: booleanField(settings, 'needencap') ?? false,
        evidence,
      };
    case 'pa':
    case 'provideraddress':
      return {
        kind: 'provider-address',
        address: textField(settings, 'pa', 'provideraddress') ?? '',
        evidence,
      };
    case 'remotesubnetroute':
      return {
        kind: 'remote-subnet-route',
        destinationPrefix: textField(settings, 'destinationprefix') ?? '',
        isolationId: numberField(settings, 'isolationid'),
        providerAddress: textField(settings, 'provideraddress'),
        drMac: mac(textField(settings, 'distributedroutermacaddress') ?? ''),
        evidence,
      };
    case 'hostroute':
      return { kind: 'host-route', evidence };
    case 'l2driver':
      return { kind: 'l2-driver', evidence };
    case 'drmacaddress':
    case 'drmac':
      return macPolicy(
        'dr-mac',
        textField(settings, 'address', 'drmacaddress'),
        policy,
        type,
        evidence,
      );
    case 'sourcemacaddress':
      return macPolicy(
        'source-mac',
        textField(settings, 'sourcemacaddress', 'address'),
        policy,
        type,
        evidence,
      );
    case 'netadaptername':
      return {
        kind: 'net-adapter-name',
        adapter: textField(settings, 'networkadaptername', 'netadaptername') ?? '',
        evidence,
      };
    case 'vswitchextension':
      return {
        kind: 'vswitch-extension',
        id: textField(settings, 'extensionid', 'id') ?? '',
        enabled: booleanField(settings, 'enable', 'isenabled') ?? false,
        evidence,
      };
    case 'acl':
      return {
        kind: 'acl',
        action: textField(settings, 'action') ?? '',
        direction: textField(settings, 'direction') ?? '',
        protocols: textField(settings, 'protocols', 'protocol') ?? '',
        localAddresses: textField(settings, 'localaddresses', 'localaddress') ?? '',
        remoteAddresses: textField(settings, 'remoteaddresses', 'remoteaddress') ?? '',
        localPorts: textField(settings, 'localports', 'localport') ?? '',
        remotePorts: textField(settings, 'remoteports', 'remoteport') ?? '',
        priority: numberField(settings, 'priority'),
        evidence,
      };
    case 'nat':
    case 'portmapping':
      return {
        kind: 'port-mapping',
        protocol: protocolNumber(textField(settings, 'protocol')),
        internalPort: numberField(settings, 'internalport') ?? 0,
        externalPort: numberField(settings, 'externalport') ?? 0,
        evidence,
      };
    case 'encapoverhead': {
      const overhead = numberField(settings, 'overhead', 'encapoverhead');
      if (overhead !== undefined) return { kind: 'encap-overhead', overhead, evidence };
      return { kind: 'other', type, text: compactText(policy), evidence };
    }
    default:
      return { kind: 'other', type, text: compactText(policy), evidence };
  }
}

function macPolicy(
  kind: 'dr-mac' | 'source-mac',
  text: string | undefined,
  policy: HnsValue,
  type: string,
  evidence: readonly Evidence[],
): HnsPolicy {
  const address = mac(text ?? '');
  return address === undefined
    ? { kind: 'other', type, text: compactText(policy), evidence }
    : { kind, mac: address, evidence };
}

/** IP protocol number of `6` or `TCP`. */
export function protocolNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,3}$/.test(text)) return Number(text);
  const known: ReadonlyMap<string, number> = new Map([
    ['tcp', 6],
    ['udp', 17],
    ['icmpv4', 1],
    ['icmpv6', 58],
  ]);
  return known.get(text.toLowerCase());
}
