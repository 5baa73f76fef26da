import type { SourceVip } from '../../model/cni';
import { parseCidr } from '../../model/ip';
import type { JsonDocument, JsonValue } from '../json-tree';
import { itemsOf, keysOf, member, textOf } from '../json-tree';
import { LineAccount } from '../line-account';
import type { Parser } from '../parser';
import { claimDocument, documentProblems, evidenceOf, readConfigText } from './config-text';

/** The answer of host-local: CNI result 0.2 (`ip4.ip`) or later (`ips[].address`), both `address/length`. */
function addressOf(root: JsonValue): JsonValue | undefined {
  const found =
    member(member(root, 'ip4'), 'ip') ??
    itemsOf(member(root, 'ips'))
      .map((ip) => member(ip, 'address'))
      .find((v) => v !== undefined) ??
    member(member(root, 'ip6'), 'ip');
  return found;
}

/** Is this the answer, or the request, of the host-local call that reserves the source VIP? */
function isSourceVip(root: JsonValue, named: boolean): boolean {
  const keys = keysOf(root);
  if (addressOf(root) !== undefined) return named || keys.has('cniversion') || keys.has('dns');
  return named && keys.has('ipam') && !keys.has('delegate') && !keys.has('plugins');
}

function sourceVipOf(document: JsonDocument, file: string): SourceVip {
  const value = addressOf(document.root);
  const text = textOf(value) ?? '';
  const cidr = parseCidr(text);
  return {
    address: value
      ? { value: text.replace(/\/\d+$/, ''), evidence: evidenceOf(value, file) }
      : undefined,
    prefixLength: cidr?.length,
    problems: documentProblems(document, file),
    evidence: [{ file, line: document.line, endLine: document.endLine }],
  };
}

/**
 * `sourceVip.json`: the address that the start scripts had host-local reserve for kube-proxy on an
 * overlay network. `sourceVipRequest.json` is the request: it holds no address.
 */
export const sourceVipParser: Parser = {
  kind: 'source-vip',
  title: 'Source VIP of kube-proxy (sourceVip.json)',
  command: 'Get-Content C:\\k\\sourceVip.json',
  recognise: (region, head) => {
    const named = /source-?vip/i.test(region.file.path);
    if (head.length === 0) return named ? 40 : 0;
    const text = head.join('\n');
    const address =
      /"ip4"\s*:\s*\{|"ips"\s*:\s*\[/i.test(text) &&
      /"(?:ip|address)"\s*:\s*"[\d.:a-f]+\/\d+"/i.test(text);
    if (named && text.includes('{')) return 96;
    return address && /"cniVersion"|"dns"/i.test(text) ? 80 : 0;
  },
  parse: (region) => {
    const account = new LineAccount(region);
    const text = readConfigText(region);
    const named = /source-?vip/i.test(region.file.path);
    const items = text.documents
      .filter(({ root }) => isSourceVip(root, named))
      .map((document) => {
        const trailing = claimDocument(account, text, document);
        const vip = sourceVipOf(document, region.file.path);
        return { ...vip, problems: [...text.problems, ...vip.problems, ...trailing] };
      });
    return items.length === 0 ? account.result() : account.result({ kind: 'source-vip', items });
  },
};
