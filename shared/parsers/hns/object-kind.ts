import { field, itemsField, textField, type HnsObject } from './hns-value';

/** What an object of HNS output is, told by its keys. */
export type HnsObjectKind =
  | 'network'
  | 'endpoint'
  | 'load-balancer'
  | 'policy-list'
  | 'namespace'
  /** `{"Success":..,"Output":..}` as the HNS RPC answers. */
  | 'envelope';

const ENDPOINT = [
  'virtualnetwork',
  'virtualnetworkname',
  'hostcomputenetwork',
  'ipconfigurations',
  'isremoteendpoint',
  'sharedcontainers',
];
const NETWORK = [
  'ipams',
  'macpools',
  'macpool',
  'managementip',
  'natname',
  'networkadaptername',
  'currentendpointcount',
  'maxconcurrentendpoints',
  'layeredon',
  'addressprefix',
];

/**
 * Tells the kind of an HNS object by its keys: V1 and V2 use different ones, and files hold excerpts
 * with only some of them. Undefined for objects of other programs.
 */
export function hnsObjectKind(object: HnsObject): HnsObjectKind | undefined {
  const has = (...names: readonly string[]): boolean =>
    names.some((name) => object.fields.has(name));
  if (has('success') && has('output', 'error', 'errorcode')) return 'envelope';
  if (has('kind') && has('apiversion')) return undefined;
  if (has('cniversion', 'plugins', 'ipam')) return undefined;
  if (has('hostcomputeendpoints', 'frontendvips', 'portmappings')) return 'load-balancer';
  if (has('references') || hasElb(object)) return 'policy-list';
  if (has(...ENDPOINT) || (has('ipaddress') && has('macaddress'))) return 'endpoint';
  if (isNamespace(object)) return 'namespace';
  if (has(...NETWORK) || (has('subnets') && has('type', 'name', 'id'))) return 'network';
  return undefined;
}

function hasElb(object: HnsObject): boolean {
  return itemsField(object, 'policies').some((policy) => textField(policy, 'type') === 'ELB');
}

function isNamespace(object: HnsObject): boolean {
  const has = (...names: readonly string[]): boolean =>
    names.some((name) => object.fields.has(name));
  if (!has('id')) return false;
  if (has('compartmentguid', 'resourcelist', 'namespaceid')) return !has('tag', 'endpointportguid');
  if (has('endpointid') && has('compartmentid', 'type', 'isdefault')) return true;
  return (
    /^(host|guest)(default)?$/i.test(textField(object, 'type') ?? '') &&
    field(object, 'resources') !== undefined
  );
}
