/** What an error number of HNS, HCS or Windows means for container networking. */
export interface ErrorMeaning {
  /** `0x803b0013` as Windows and HNS print HRESULTs. */
  readonly hex: string;
  /** Name of the constant in the Windows headers. */
  readonly symbol: string;
  readonly meaning: string;
  /** What usually leads to it on a Kubernetes node; undefined where no field report is known. */
  readonly usualCause?: string | undefined;
}

type Row = readonly [code: number, symbol: string, meaning: string, usualCause?: string];

const HCN_BASE = 0x803b0000;
const WIN32_BASE = 0x80070000;

/** Errors of the host and guest network service: the low half of 0x803b....; names as in winerror.h. */
const NETWORK_SERVICE: readonly Row[] = [
  [
    0x01,
    'HCN_E_NETWORK_NOT_FOUND',
    'no such network',
    'the CNI agent has not started, a reboot wiped the network, or the configured network name is wrong',
  ],
  [
    0x02,
    'HCN_E_ENDPOINT_NOT_FOUND',
    'no such endpoint',
    'the endpoint was deleted under the pod; harmless while a pod is removed',
  ],
  [
    0x03,
    'HCN_E_LAYER_NOT_FOUND',
    'the underlying switch layer is gone',
    'the External network was removed',
  ],
  [
    0x04,
    'HCN_E_SWITCH_NOT_FOUND',
    'the vSwitch is gone',
    'the switch was removed by hand or by an update',
  ],
  [
    0x05,
    'HCN_E_SUBNET_NOT_FOUND',
    'the network has no subnet for that address',
    'an IPv6 endpoint on an IPv4-only network, or a wrong pod CIDR',
  ],
  [
    0x06,
    'HCN_E_ADAPTER_NOT_FOUND',
    'no usable network adapter',
    'the adapter already belongs to another network, or its name is wrong',
  ],
  [
    0x07,
    'HCN_E_PORT_NOT_FOUND',
    'the switch port is missing',
    "a backend's port vanished while the load balancer was made",
  ],
  [
    0x08,
    'HCN_E_POLICY_NOT_FOUND',
    'an expected policy is missing',
    'overlay on Windows Server 2019 without KB4489899, or removing a policy that is not there',
  ],
  [
    0x09,
    'HCN_E_VFP_PORTSETTING_NOT_FOUND',
    'the VFP setting of the port is missing',
    'the VFP extension is off, or the port is half created',
  ],
  [
    0x0a,
    'HCN_E_INVALID_NETWORK',
    'the network definition is bad',
    'gateway or subnet missing, or a bad VSID',
  ],
  [
    0x0b,
    'HCN_E_INVALID_NETWORK_TYPE',
    'the network type is not valid',
    'a plugin that does not fit the Windows version',
  ],
  [
    0x0c,
    'HCN_E_INVALID_ENDPOINT',
    'the endpoint definition is bad',
    'address or MAC missing, or the wrong schema',
  ],
  [
    0x0d,
    'HCN_E_INVALID_POLICY',
    'a policy is not valid',
    'a placeholder CIDR, a load balancer without backends, or port 0',
  ],
  [
    0x0e,
    'HCN_E_INVALID_POLICY_TYPE',
    'the policy type is not known',
    'a V1 name in a V2 call (ROUTE for SDNRoute, PA for ProviderAddress)',
  ],
  [
    0x0f,
    'HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION',
    'not possible on a remote endpoint',
    'a remote twin of a local address was attached',
  ],
  [
    0x10,
    'HCN_E_NETWORK_ALREADY_EXISTS',
    'a network of that name exists',
    'two agents create the same network',
  ],
  [
    0x11,
    'HCN_E_LAYER_ALREADY_EXISTS',
    'the switch layer exists',
    'the adapter already carries a switch',
  ],
  [
    0x12,
    'HCN_E_POLICY_ALREADY_EXISTS',
    'the object has that policy already',
    'an agent added a route policy again',
  ],
  [
    0x13,
    'HCN_E_PORT_ALREADY_EXISTS',
    'the port is taken',
    'ephemeral ports are exhausted or excluded, something listens on the port, or a load balancer leaked',
  ],
  [
    0x14,
    'HCN_E_ENDPOINT_ALREADY_ATTACHED',
    'the endpoint is attached already',
    'harmless when flanneld restarts',
  ],
  [
    0x15,
    'HCN_E_REQUEST_UNSUPPORTED',
    'the request is not supported here',
    'a namespace in use is deleted, or HNS is older than the feature',
  ],
  [
    0x16,
    'HCN_E_MAPPING_NOT_SUPPORTED',
    'port mapping is not supported',
    'a hostPort on a network type without NAT',
  ],
  [
    0x17,
    'HCN_E_DEGRADED_OPERATION',
    'the object is degraded',
    'an endpoint in state 5 after a policy failed',
  ],
  [
    0x18,
    'HCN_E_SHARED_SWITCH_MODIFICATION',
    'the switch is shared',
    'a network is deleted that others are layered on',
  ],
  [0x19, 'HCN_E_GUID_CONVERSION_FAILURE', 'not a GUID', 'a script passed an empty id'],
  [
    0x1a,
    'HCN_E_REGKEY_FAILURE',
    'the registry could not be read or written',
    'the stored HNS state is corrupt',
  ],
  [0x1b, 'HCN_E_INVALID_JSON', 'not valid JSON', 'a policy value is malformed'],
  [
    0x1c,
    'HCN_E_INVALID_JSON_REFERENCE',
    'the JSON refers to something that is not there',
    'a load balancer names a dead endpoint, or none',
  ],
  [
    0x1d,
    'HCN_E_ENDPOINT_SHARING_DISABLED',
    'the endpoint cannot be shared',
    'a second container joins a sandbox of the old style',
  ],
  [
    0x1e,
    'HCN_E_INVALID_IP',
    'the address is not valid or in no subnet',
    'a stale source VIP or pod CIDR',
  ],
  [
    0x1f,
    'HCN_E_SWITCH_EXTENSION_NOT_FOUND',
    'the switch extension is not installed',
    'the Open vSwitch driver is missing',
  ],
  [0x20, 'HCN_E_MANAGER_STOPPED', 'the service is stopping', 'the call raced a restart of HNS'],
  [0x21, 'GCN_E_MODULE_NOT_FOUND', 'guest network service: module not found'],
  [0x22, 'GCN_E_NO_REQUEST_HANDLERS', 'guest network service: nothing handles the request'],
  [0x23, 'GCN_E_REQUEST_UNSUPPORTED', 'guest network service: request not supported'],
  [0x24, 'GCN_E_RUNTIMEKEYS_FAILED', 'guest network service: runtime keys could not be set'],
  [0x25, 'GCN_E_NETADAPTER_TIMEOUT', 'the vNIC did not appear in the guest', 'a slow utility VM'],
  [
    0x26,
    'GCN_E_NETADAPTER_NOT_FOUND',
    'the vNIC is missing in the guest',
    'the endpoint was removed while the pod started',
  ],
  [
    0x27,
    'GCN_E_NETCOMPARTMENT_NOT_FOUND',
    'the network compartment is missing',
    'the namespace was deleted',
  ],
  [
    0x28,
    'GCN_E_NETINTERFACE_NOT_FOUND',
    'the network interface is missing in the guest',
    'the endpoint was removed while the pod started',
  ],
  [0x29, 'GCN_E_DEFAULTNAMESPACE_EXISTS', 'a default namespace exists', 'the setup ran twice'],
  [
    0x2a,
    'HCN_E_ICS_DISABLED',
    'Internet Connection Sharing is off',
    'the SharedAccess service is disabled (nat networks need it)',
  ],
  [
    0x2b,
    'HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS',
    'the endpoint is in a namespace already',
    'a CNI ADD was repeated',
  ],
  [
    0x2c,
    'HCN_E_ENTITY_HAS_REFERENCES',
    'the object is still referenced',
    'an endpoint is deleted that a load balancer uses',
  ],
  [
    0x2d,
    'HCN_E_INVALID_INTERNAL_PORT',
    'the internal port is not valid',
    'a named targetPort that did not resolve',
  ],
  [
    0x2e,
    'HCN_E_NAMESPACE_ATTACH_FAILED',
    'the endpoint could not be attached to its namespace',
    'the endpoint is degraded, or the pod was being removed',
  ],
  [
    0x2f,
    'HCN_E_ADDR_INVALID_OR_RESERVED',
    'the address is not valid or reserved',
    'a source VIP on .1, or the gateway address given to a pod',
  ],
];

/** Win32 errors; HNS also returns them as HRESULT 0x8007.... */
const WIN32: readonly Row[] = [
  [0x05, 'ERROR_ACCESS_DENIED', 'access denied', 'the agent does not run elevated'],
  [
    0x0e,
    'ERROR_OUTOFMEMORY',
    'out of memory',
    'the port space is used up (loopback DSR on an old Windows Server 2019)',
  ],
  [
    0x20,
    'ERROR_SHARING_VIOLATION',
    'in use by another process',
    "HNS's state file or a lock is held",
  ],
  [
    0x22,
    'ERROR_WRONG_DISK',
    '"wrong diskette": the stored data is of another version',
    'HNS objects that another Windows build saved',
  ],
  [0x32, 'ERROR_NOT_SUPPORTED', 'not supported', 'HNS is older than the feature'],
  [
    0x57,
    'ERROR_INVALID_PARAMETER',
    'a parameter is not correct',
    'a network is created with a missing adapter or subnet, or twice',
  ],
  [
    0xb7,
    'ERROR_ALREADY_EXISTS',
    'it already exists',
    'a load balancer came back after HNS restarted',
  ],
  [
    0x490,
    'ERROR_NOT_FOUND',
    'element not found',
    'the network is gone after a reboot, or IPv6 is disabled; harmless on delete',
  ],
  [0x5b4, 'ERROR_TIMEOUT', 'timed out', 'HNS hangs'],
  [0x6ba, 'RPC_S_SERVER_UNAVAILABLE', 'the RPC server is not available', 'HNS crashed or restarts'],
  [
    0x1392,
    'ERROR_OBJECT_ALREADY_EXISTS',
    'the object already exists',
    'the endpoint was created twice, or an address or route is there already',
  ],
];

/** Errors of the host compute service, as NTSTATUS (0xc037....) or HRESULT (0x8037....): the low half. */
const COMPUTE_SERVICE: readonly Row[] = [
  [
    0x101,
    'HCS_E_IMAGE_MISMATCH',
    'the image is of another Windows version than the host',
    'the pause image or the workload image does not fit the host',
  ],
  [
    0x102,
    'HCS_E_HYPERV_NOT_INSTALLED',
    'Hyper-V is not installed',
    'Hyper-V isolation was asked for',
  ],
  [0x103, 'HCS_OPERATION_PENDING', 'the operation goes on', 'normal'],
  [
    0x105,
    'HCS_E_INVALID_STATE',
    'the container is in the wrong state',
    'an endpoint is attached to a container that has ended',
  ],
  [
    0x106,
    'HCS_E_UNEXPECTED_EXIT',
    'the container ended unexpectedly',
    'the pause container crashed',
  ],
  [0x109, 'HCS_E_CONNECTION_TIMEOUT', 'timed out', 'an overloaded host, or vmcompute hangs'],
  [
    0x10e,
    'HCS_E_SYSTEM_NOT_FOUND',
    'the container is gone',
    'the pod was being removed; harmless on delete',
  ],
  [0x10f, 'HCS_E_SYSTEM_ALREADY_EXISTS', 'a container of that id exists', 'a stale shim'],
  [
    0x110,
    'HCS_E_SYSTEM_ALREADY_STOPPED',
    'the container is stopped already',
    'the pod was being removed',
  ],
  [0x112, 'HCS_E_INVALID_LAYER', 'an image layer is bad', 'storage, not network'],
  [0x118, 'HCS_E_OPERATION_TIMEOUT', 'timed out', 'an overloaded host, or vmcompute hangs'],
  [
    0x11f,
    'HCS_E_PROCESS_ALREADY_STOPPED',
    'the process is stopped already',
    'the pod was being removed',
  ],
];

const byCode = (rows: readonly Row[]): ReadonlyMap<number, Row> =>
  new Map(rows.map((row) => [row[0], row]));
const networkService = byCode(NETWORK_SERVICE);
const win32 = byCode(WIN32);
const computeService = byCode(COMPUTE_SERVICE);

const hexText = (code: number): string => `0x${code.toString(16).padStart(8, '0')}`;

/**
 * The meaning of an error number: an HNS `ErrorCode` (decimal or hex), an HRESULT, an NTSTATUS of
 * the compute service, or a bare Win32 number. A negative number is read as the 32 bits it is.
 * Undefined for 0, for text that is no number, and for codes we know nothing of.
 * Source: winerror.h; causes from field reports.
 */
export function errorMeaning(code: number | string): ErrorMeaning | undefined {
  const number = typeof code === 'number' ? code : codeNumber(code);
  if (number === undefined || !Number.isInteger(number)) return undefined;
  const unsigned = number < 0 ? number + 0x1_0000_0000 : number;
  if (unsigned <= 0 || unsigned > 0xffff_ffff) return undefined;
  const high = Math.floor(unsigned / 0x10000) * 0x10000;
  const low = unsigned % 0x10000;
  if (high === HCN_BASE) return described(networkService.get(low), unsigned);
  if (high === WIN32_BASE) return described(win32.get(low), unsigned);
  if (high === 0xc0370000 || high === 0x80370000)
    return described(computeService.get(low), unsigned);
  return high === 0 ? described(win32.get(low), WIN32_BASE + low) : undefined;
}

function codeNumber(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^0x[0-9a-f]{1,8}$/i.test(trimmed)) return parseInt(trimmed, 16);
  return /^-?\d{1,10}$/.test(trimmed) ? Number(trimmed) : undefined;
}

function described(row: Row | undefined, code: number): ErrorMeaning | undefined {
  if (!row) return undefined;
  const [, symbol, meaning, usualCause] = row;
  return { hex: hexText(code), symbol, meaning, usualCause };
}

/** One phrase for findings: `0x803b0013 (the port is taken)`, or the bare hex for an unknown code. */
export function errorText(code: number): string {
  const known = errorMeaning(code);
  if (known) return `${known.hex} (${known.meaning})`;
  return hexText(code < 0 ? code + 0x1_0000_0000 : code);
}
