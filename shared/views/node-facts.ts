import type { Evidence } from '../model/evidence';
import type { NodeSnapshot } from '../snapshot/node-snapshot';

/** One thing that is known of the node beside its network objects. */
export interface NodeFact {
  readonly area: 'Windows' | 'Kubernetes' | 'HNS' | 'IPv6' | 'NAT' | 'DNS client' | 'Update';
  readonly name: string;
  readonly value: string;
  readonly evidence: Evidence | undefined;
}

/** Versions, updates and settings of the node, in the order they are asked about. */
export function nodeFacts(snapshot: NodeSnapshot): readonly NodeFact[] {
  return [
    ...windowsFacts(snapshot),
    ...versionFacts(snapshot),
    ...settingFacts(snapshot),
    ...dnsFacts(snapshot),
    ...snapshot.hotfixes.map(
      ({ id, description, installedOn, installedAt, evidence }): NodeFact => ({
        area: 'Update',
        name: id,
        value: [
          description,
          installedAt === undefined
            ? installedOn
            : new Date(installedAt).toISOString().slice(0, 10),
        ]
          .filter((part) => part !== undefined)
          .join(', '),
        evidence: evidence[0],
      }),
    ),
  ];
}

function windowsFacts({ os, features }: NodeSnapshot): NodeFact[] {
  const fact = (name: string, value: string | undefined): NodeFact[] =>
    value === undefined ? [] : [{ area: 'Windows', name, value, evidence: os?.evidence[0] }];
  const build = os?.build === undefined ? undefined : String(os.build);
  return [
    ...fact('Product', os?.productName),
    ...fact('Build', os?.ubr === undefined || build === undefined ? build : `${build}.${os.ubr}`),
    ...features.map(({ name, installed, evidence }): NodeFact => ({
      area: 'Windows',
      name: `Feature ${name}`,
      value: installed ? 'installed' : 'not installed',
      evidence: evidence[0],
    })),
  ];
}

function versionFacts({ componentVersions, hnsVersion }: NodeSnapshot): NodeFact[] {
  return [
    ...(hnsVersion === undefined
      ? []
      : [
          {
            area: 'HNS' as const,
            name: 'Version',
            value: `${hnsVersion.major}.${hnsVersion.minor}`,
            evidence: hnsVersion.evidence[0],
          },
        ]),
    ...componentVersions.map(({ component, version, reason, evidence }): NodeFact => ({
      area: 'Kubernetes',
      name: component,
      value: version ?? reason ?? 'not known',
      evidence: evidence[0],
    })),
  ];
}

function settingFacts({ ipv6Setting, windowsNats, evidence }: NodeSnapshot): NodeFact[] {
  const disabled = ipv6Setting?.disabledComponents;
  const noNat = windowsNats.length === 0 && evidence.get('windows-nat')?.state === 'present';
  return [
    ...(ipv6Setting === undefined
      ? []
      : [
          {
            area: 'IPv6' as const,
            name: 'DisabledComponents',
            value: disabled === undefined ? 'not set' : `0x${disabled.toString(16)}`,
            evidence: ipv6Setting.evidence[0],
          },
        ]),
    ...windowsNats.map((nat): NodeFact => ({
      area: 'NAT',
      name: nat.name,
      value: `${nat.internalPrefix ?? 'no internal prefix'}${nat.active === false ? ', not active' : ''}`,
      evidence: nat.evidence[0],
    })),
    ...(noNat
      ? [{ area: 'NAT' as const, name: 'Get-NetNat', value: 'none', evidence: undefined }]
      : []),
  ];
}

function dnsFacts({ dnsClient }: NodeSnapshot): NodeFact[] {
  return dnsClient.flatMap((setting): NodeFact[] => {
    const fact = (name: string, values: readonly string[]): NodeFact => ({
      area: 'DNS client',
      name,
      value: values.length === 0 ? 'none' : values.join(', '),
      evidence: setting.evidence[0],
    });
    switch (setting.kind) {
      case 'servers':
        return setting.servers.length === 0 ? [] : [fact(setting.alias, setting.servers)];
      case 'suffixes':
        return [fact('Suffix search list', setting.suffixes)];
      case 'policy':
        return [fact(`Policy for ${setting.namespace}`, setting.servers)];
    }
  });
}
