import type { HnsNetwork, HnsSubnet, SwitchExtension } from '../../model/hns';
import { guid, mac } from '../../model/ids';
import { fieldLines, healthOf, networkType, schemaOf } from './field-lines';
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
import { hnsPolicies, type At } from './policy';

/** An HNS network of V1 or V2 (HCN) form. Undefined without an id: then nothing can refer to it. */
export function hnsNetwork(object: HnsObject, at: At): HnsNetwork | undefined {
  const id = guid(textField(object, 'id') ?? '');
  if (id === undefined) return undefined;
  const policies = hnsPolicies(object, at);
  const provider = policies.find((policy) => policy.kind === 'provider-address');
  const drMac = policies.find((policy) => policy.kind === 'dr-mac');
  const sourceMac = policies.find((policy) => policy.kind === 'source-mac');
  const adapter = policies.find((policy) => policy.kind === 'net-adapter-name');
  const dns = field(object, 'dns');
  return {
    id,
    name: textField(object, 'name'),
    type: networkType(textField(object, 'type')),
    schema: schemaOf(object, ['ipams', 'macpool', 'schemaversion']),
    subnets: subnetsOf(object),
    managementIp: managementIp(object) ?? provider?.address,
    sourceMac: mac(textField(object, 'sourcemac') ?? '') ?? sourceMac?.mac,
    drMac: mac(textField(object, 'drmacaddress') ?? '') ?? drMac?.mac,
    adapterName: textField(object, 'networkadaptername') ?? adapter?.adapter,
    layeredOn: guid(textField(object, 'layeredon') ?? ''),
    extensions: itemsField(object, 'extensions').flatMap(extensionOf),
    policies,
    dnsServers: dns ? textsField(dns, 'serverlist') : textsField(object, 'dnsserverlist'),
    dnsSuffix: textField(object, 'dnssuffix') ?? textField(dns, 'domain'),
    macRanges: [
      ...itemsField(object, 'macpools'),
      ...itemsField(field(object, 'macpool'), 'ranges'),
    ].flatMap(macRange),
    state: numberField(object, 'state'),
    health: healthOf(object),
    fieldLines: fieldLines(object, at, {
      id: ['id'],
      name: ['name'],
      type: ['type'],
      subnets: ['subnets', 'ipams', 'addressprefix'],
      managementIp: ['managementip'],
      extensions: ['extensions'],
      policies: ['policies'],
      state: ['state'],
      health: ['health'],
      dnsServers: ['dnsserverlist', 'dns'],
    }),
    evidence: [at(object)],
  };
}

/** `''` when the field is there and empty: HNS found no address to manage. */
function managementIp(object: HnsObject): string | undefined {
  const value = field(object, 'managementip');
  return value?.kind === 'text' ? value.text.trim() : undefined;
}

function subnetsOf(object: HnsObject): HnsSubnet[] {
  const v2 = itemsField(object, 'ipams').flatMap((ipam) => itemsField(ipam, 'subnets'));
  const subnets = [...itemsField(object, 'subnets'), ...v2].flatMap(subnetOf);
  const prefix = textField(object, 'addressprefix');
  if (subnets.length === 0 && prefix !== undefined) return [{ prefix }];
  return subnets;
}

function subnetOf(subnet: HnsValue): HnsSubnet[] {
  const prefix = textField(subnet, 'addressprefix', 'ipaddressprefix');
  if (prefix === undefined) return [];
  const route = itemsField(subnet, 'routes').find(
    (item) => textField(item, 'nexthop') !== undefined,
  );
  let vsid: number | undefined;
  let vlan: number | undefined;
  for (const policy of itemsField(subnet, 'policies')) {
    const type = textField(policy, 'type')?.toLowerCase();
    const settings = field(policy, 'settings');
    if (type === 'vsid') vsid = numberField(policy, 'vsid') ?? numberField(settings, 'isolationid');
    if (type === 'vlan') vlan = numberField(policy, 'vlan') ?? numberField(settings, 'isolationid');
  }
  return [
    {
      prefix,
      gateway: textField(subnet, 'gatewayaddress') ?? textField(route, 'nexthop'),
      vsid,
      vlan,
    },
  ];
}

function extensionOf(value: HnsValue): SwitchExtension[] {
  const id = guid(textField(value, 'id') ?? '');
  const name = textField(value, 'name') ?? '';
  const enabled = booleanField(value, 'isenabled');
  return enabled === undefined ? [] : [{ id, name, enabled }];
}

function macRange(value: HnsValue): { readonly from: string; readonly to: string }[] {
  const from = mac(textField(value, 'startmacaddress') ?? '');
  const to = mac(textField(value, 'endmacaddress') ?? '');
  return from === undefined || to === undefined ? [] : [{ from, to }];
}
