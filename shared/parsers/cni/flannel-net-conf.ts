import type { FlannelNetConf, Placed } from '../../model/cni';
import type { JsonDocument, JsonValue } from '../json-tree';
import { member, numberOf } from '../json-tree';
import { LineAccount } from '../line-account';
import type { Parser } from '../parser';
import {
  claimDocument,
  documentProblems,
  evidenceOf,
  placedText,
  readConfigText,
} from './config-text';

/** Is this flannel's network configuration: `Network` and `Backend` (flannel, "Configuration")? */
export function isFlannelNetConf(root: JsonValue): boolean {
  return (
    member(root, 'backend')?.kind === 'object' &&
    member(root, 'network', 'ipv6network') !== undefined
  );
}

/** Network and backend of net-conf.json with their lines. */
export function flannelNetConfOf(document: JsonDocument, file: string): FlannelNetConf {
  const backend = member(document.root, 'backend');
  return {
    network: placedText(member(document.root, 'network', 'ipv6network'), file),
    backendType: placedText(member(backend, 'type'), file),
    backendName: placedText(member(backend, 'name'), file),
    vni: placedNumber(member(backend, 'vni'), file),
    port: placedNumber(member(backend, 'port'), file),
    problems: documentProblems(document, file),
    evidence: [{ file, line: document.line, endLine: document.endLine }],
  };
}

function placedNumber(value: JsonValue | undefined, file: string): Placed<number> | undefined {
  const number = numberOf(value);
  return value && number !== undefined
    ? { value: number, evidence: evidenceOf(value, file) }
    : undefined;
}

/** flannel's net-conf.json, from the config map or `C:\etc\kube-flannel` of the node. */
export const flannelNetConfParser: Parser = {
  kind: 'flannel-net-conf',
  title: 'Network configuration of flannel (net-conf.json)',
  command: 'Get-Content C:\\etc\\kube-flannel\\net-conf.json',
  recognise: (region, head) => {
    if (head.length === 0) return /net-conf[^\\/]*\.json/i.test(region.file.path) ? 40 : 0;
    const text = head.join('\n');
    return /"Network"\s*:/i.test(text) &&
      /"Backend"\s*:\s*\{/i.test(text) &&
      !/"kind"\s*:/.test(text)
      ? 90
      : 0;
  },
  parse: (region) => {
    const account = new LineAccount(region);
    const text = readConfigText(region);
    const items = text.documents
      .filter(({ root }) => isFlannelNetConf(root))
      .map((document) => {
        const trailing = claimDocument(account, text, document);
        const conf = flannelNetConfOf(document, region.file.path);
        return { ...conf, problems: [...text.problems, ...conf.problems, ...trailing] };
      });
    return items.length === 0
      ? account.result()
      : account.result({ kind: 'flannel-net-conf', items });
  },
};
