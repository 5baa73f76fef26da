import type { Placed, SubnetEnv } from '../../model/cni';
import type { Evidence } from '../../model/evidence';
import { LineAccount, pastedLines } from '../line-account';
import type { Parser } from '../parser';

const ASSIGNMENT = /^\s*(FLANNEL_\w+)\s*=\s*"?([^"]*?)"?\s*$/;

/** flannel's subnet.env: shell assignments `FLANNEL_NETWORK`, `_SUBNET`, `_MTU`, `_IPMASQ` of the node. */
export const subnetEnvParser: Parser = {
  kind: 'subnet-env',
  title: 'Subnet that flannel leased for the node (subnet.env)',
  command: 'Get-Content C:\\run\\flannel\\subnet.env',
  recognise: (region, head) => {
    if (head.some((line) => ASSIGNMENT.test(line))) return 95;
    return head.length === 0 && /subnet\.env/i.test(region.file.path) ? 40 : 0;
  },
  parse: (region) => {
    const account = new LineAccount(region);
    const values = new Map<string, Placed<string>>();
    const evidence: Evidence[] = [];
    for (const { n, text } of pastedLines(region)) {
      const match = ASSIGNMENT.exec(text);
      if (!match) continue;
      account.claim(n);
      evidence.push(account.at(n));
      values.set(match[1] ?? '', { value: match[2] ?? '', evidence: account.at(n) });
    }
    if (values.size === 0) return account.result();
    const mtu = values.get('FLANNEL_MTU');
    const item: SubnetEnv = {
      network: values.get('FLANNEL_NETWORK') ?? values.get('FLANNEL_IPV6_NETWORK'),
      subnet: values.get('FLANNEL_SUBNET') ?? values.get('FLANNEL_IPV6_SUBNET'),
      mtu:
        mtu && /^\d+$/.test(mtu.value)
          ? { value: Number(mtu.value), evidence: mtu.evidence }
          : undefined,
      evidence,
    };
    return account.result({ kind: 'subnet-env', items: [item] });
  },
};
