import { LineAccount, pastedLines } from '../line-account';
import type { Parser } from '../parser';
import { readObjectLists } from '../powershell/object-list';
import { promptAt } from '../powershell/prompt';
import type { TextLine } from '../text-line';
import { CollectedHns, type HnsListKind } from './collected';
import { valueOfList, type HnsObject } from './hns-value';
import { commandAbove, listingCommands } from './listing-command';
import { hnsObjectKind } from './object-kind';

const PROPERTY =
  /^\s*(ActivityId|VirtualNetwork(Name)?|HostCompute(Network|Namespace|Endpoints)|IsRemoteEndpoint|CompartmentGuid|MacPools?|ManagementIP|SharedContainers|CurrentEndpointCount|FrontendVIPs|IsApplied|NatName|Ipams)\s+:(\s|$)/i;

/**
 * HNS objects as PowerShell lists them when nothing converts them (`Get-HnsNetwork` at a prompt, the
 * namespaces of the collector): `Name : value` with nested values as `@{...}`.
 */
export const hnsListParser: Parser = {
  kind: 'hns-list',
  title: 'HNS objects as a PowerShell list',
  command: 'Get-HnsEndpoint',
  recognise(_region, head) {
    if (head.some((line) => PROPERTY.test(line))) return 86;
    return head.some((line) => plainGet(line) !== undefined) ? 60 : 0;
  },
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    const commands = listingCommands(lines, account);
    const collected = new CollectedHns(account);
    for (const list of readObjectLists(lines)) {
      const value = valueOfList(list);
      if (hnsObjectKind(value) === undefined) continue;
      const cut = !value.complete || endsEarly(value);
      const filtered = commandAbove(commands, value.line)?.filtered === true;
      if (!collected.add({ ...value, complete: !cut }, !filtered && !cut)) continue;
      account.claim(value.line, value.endLine);
      if (cut) {
        account.note(
          'truncated',
          'The object ends early; fields that come later are missing',
          value.endLine,
        );
      }
    }
    for (const kind of withoutOutput(lines)) collected.list(kind);
    return account.result(...collected.facts());
  },
};

const GET = /^get-(?:hns|hcn)(network|endpoint|policylist|loadbalancer|namespace)s?$/i;
const KIND_OF: Readonly<Record<string, HnsListKind>> = {
  network: 'networks',
  endpoint: 'endpoints',
  policylist: 'load-balancers',
  loadbalancer: 'load-balancers',
  namespace: 'namespaces',
};

/** What a prompt line lists, where the command is a bare `Get-Hns...` without filter or pipe. */
function plainGet(text: string): HnsListKind | undefined {
  const name = GET.exec(promptAt(text)?.command ?? '')?.[1]?.toLowerCase();
  return name === undefined ? undefined : KIND_OF[name];
}

/** Kinds whose listing printed nothing before the next prompt came: HNS has no such object. */
function withoutOutput(lines: readonly TextLine[]): HnsListKind[] {
  const filled = lines.filter(({ text }) => text.trim() !== '');
  return filled.flatMap(({ text }, index) => {
    const kind = plainGet(text);
    const next = filled[index + 1];
    return kind !== undefined && next !== undefined && promptAt(next.text) ? [kind] : [];
  });
}

/** HNS lists properties by name, so a whole V1 object has its `Type` and `Version` near the end. */
function endsEarly(value: HnsObject): boolean {
  const { fields } = value;
  return (
    fields.has('activityid') &&
    !fields.has('type') &&
    !fields.has('version') &&
    !fields.has('references')
  );
}
