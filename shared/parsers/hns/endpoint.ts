import type { HnsAllocator, HnsEndpoint } from '../../model/hns';
import { guid, mac } from '../../model/ids';
import { canonicalIp, compareIpText } from '../../model/ip';
import { fieldLines, healthOf, meaningful, networkType, schemaOf } from './field-lines';
import {
  booleanField,
  field,
  itemsField,
  numberField,
  textField,
  textsField,
  type HnsObject,
  type HnsValue,
} from './hns-value';
import { hnsPolicies, policiesKnown, type At } from './policy';

const V2_KEYS = ['hostcomputenetwork', 'hostcomputenamespace', 'ipconfigurations', 'schemaversion'];
const REMOTE_FLAG = 1;

/** An HNS endpoint of V1 or V2 (HCN) form. Undefined without an id: then nothing can refer to it. */
export function hnsEndpoint(object: HnsObject, at: At): HnsEndpoint | undefined {
  const id = guid(textField(object, 'id') ?? '');
  if (id === undefined) return undefined;
  const schema = schemaOf(object, V2_KEYS);
  const configurations = itemsField(object, 'ipconfigurations');
  const policies = hnsPolicies(object, at);
  const overhead = policies.find((policy) => policy.kind === 'encap-overhead');
  const allocators = itemsField(field(object, 'resources'), 'allocators').flatMap(allocatorOf);
  const port = allocators.find(({ endpointPortGuid }) => endpointPortGuid !== undefined);
  const namespace = field(object, 'hostcomputenamespace', 'namespace');
  return {
    id,
    name: textField(object, 'name'),
    schema,
    networkId: meaningful(guid(textField(object, 'virtualnetwork', 'hostcomputenetwork') ?? '')),
    networkName: textField(object, 'virtualnetworkname'),
    networkType: networkType(textField(object, 'type')),
    ipAddresses: addressesOf(object, configurations),
    prefixLength:
      numberField(object, 'prefixlength') ?? numberField(configurations[0], 'prefixlength'),
    mac: mac(textField(object, 'macaddress') ?? ''),
    gateways: gatewaysOf(object),
    dnsServers: dnsServersOf(object),
    dnsSuffixes: dnsSuffixesOf(object),
    isRemote: isRemote(object, schema),
    policies,
    policiesKnown: object.complete && policiesKnown(object),
    encapOverhead: numberField(object, 'encapoverhead') ?? overhead?.overhead,
    sharedContainers: textsField(object, 'sharedcontainers'),
    namespaceId: meaningful(
      guid((namespace?.kind === 'text' ? namespace.text : textField(namespace, 'id')) ?? ''),
    ),
    compartmentId: port?.compartmentId,
    portGuid: port?.endpointPortGuid,
    state: numberField(object, 'state'),
    health: healthOf(object),
    allocators,
    startTime: textField(object, 'starttime'),
    fieldLines: fieldLines(object, at, {
      id: ['id'],
      name: ['name'],
      ip: ['ipaddress', 'ipconfigurations', 'ipv6address'],
      prefixLength: ['prefixlength', 'ipconfigurations'],
      mac: ['macaddress'],
      gateway: ['gatewayaddress', 'gatewayaddressv6', 'routes'],
      dnsServers: ['dnsserverlist', 'dns'],
      dnsSuffix: ['dnssuffix', 'dns'],
      encapOverhead: ['encapoverhead'],
      policies: ['policies'],
      sharedContainers: ['sharedcontainers'],
      network: ['virtualnetwork', 'hostcomputenetwork', 'virtualnetworkname'],
      namespace: ['hostcomputenamespace', 'namespace'],
      resources: ['resources'],
      state: ['state'],
      health: ['health'],
      type: ['type'],
    }),
    evidence: [at(object)],
  };
}

function addressesOf(object: HnsObject, configurations: readonly HnsValue[]): string[] {
  const texts = [
    textField(object, 'ipaddress'),
    textField(object, 'ipv6address'),
    ...configurations.map((item) => textField(item, 'ipaddress')),
  ];
  return unique(
    texts.flatMap((text) => (text === undefined ? [] : (canonicalIp(text) ?? []))),
  ).sort(compareIpText);
}

/** V1 keeps gateways in fields, V2 as the next hop of the default routes. An unset one is all zeros. */
function gatewaysOf(object: HnsObject): string[] {
  const routes = itemsField(object, 'routes')
    .filter((route) => /^(0\.0\.0\.0\/0|::\/0|)$/.test(textField(route, 'destinationprefix') ?? ''))
    .map((route) => textField(route, 'nexthop'));
  const texts = [
    textField(object, 'gatewayaddress'),
    textField(object, 'gatewayaddressv6'),
    ...routes,
  ];
  const gateways = texts.flatMap((text) => (text === undefined ? [] : (canonicalIp(text) ?? [])));
  return unique(gateways.filter((ip) => ip !== '0.0.0.0' && ip !== '::')).sort(compareIpText);
}

function dnsServersOf(object: HnsObject): string[] {
  const texts = [
    ...textsField(object, 'dnsserverlist'),
    ...textsField(field(object, 'dns'), 'serverlist'),
  ];
  return unique(texts.map((text) => canonicalIp(text) ?? text));
}

function dnsSuffixesOf(object: HnsObject): string[] {
  const dns = field(object, 'dns');
  return unique([
    ...textsField(object, 'dnssuffix'),
    ...textsField(dns, 'domain'),
    ...textsField(dns, 'search'),
  ]);
}

/** V1 prints `IsRemoteEndpoint` only for remote endpoints; V2 has a flag. */
function isRemote(object: HnsObject, schema: 1 | 2): boolean | undefined {
  const printed = booleanField(object, 'isremoteendpoint');
  if (printed !== undefined) return printed;
  const flags = numberField(object, 'flags');
  if (schema === 2) return flags === undefined ? undefined : (flags & REMOTE_FLAG) !== 0;
  return object.complete ? false : undefined;
}

function allocatorOf(value: HnsValue): HnsAllocator[] {
  const tag = textField(value, 'tag');
  if (tag === undefined) return [];
  return [
    {
      tag,
      state: numberField(value, 'state'),
      health: healthOf(value),
      endpointPortGuid: guid(textField(value, 'endpointportguid') ?? ''),
      // HNS itself misspells the key.
      compartmentId: numberField(value, 'compartmendid', 'compartmentid'),
    },
  ];
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];
