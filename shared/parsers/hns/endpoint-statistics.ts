import type { HnsEndpointStatistics } from '../../model/hns';
import { guid } from '../../model/ids';
import { findJson, itemsOf, member, numberOf, textOf, type JsonValue } from '../json-tree';
import { LineAccount, pastedLines } from '../line-account';
import type { Parser } from '../parser';
import { claimEchoes } from '../printed-objects';

const DROPPED = /^\s*(?:[[{,]\s*)*"DroppedPackets(?:Incoming|Outgoing)"\s*:/;
const NAMED = /(^|\/)endpointstats(-2)?\.(txt|json)$/i;

/**
 * What HNS counted at its endpoints: a list of `{ EndpointId, PacketsReceived, PacketsSent,
 * DroppedPacketsIncoming, DroppedPacketsOutgoing, … }` (EndpointStats of hcsshim). The collector
 * asks twice, seconds apart, and names the file of the second time with `-2`.
 */
export const endpointStatisticsParser: Parser = {
  kind: 'endpoint-statistics',
  title: 'Counters of the HNS endpoints',
  command: 'Invoke-HnsRequest -Method GET -Type endpointstats -Id <endpoint>',
  recognise(region, head) {
    if (head.some((line) => DROPPED.test(line))) return 92;
    return NAMED.test(region.file.path) ? 38 : 0;
  },
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    claimEchoes(lines, account, /endpointstats/i);
    const { path } = region.file;
    const items: HnsEndpointStatistics[] = [];
    for (const document of findJson(lines)) {
      const objects = document.root.kind === 'object' ? [document.root] : itemsOf(document.root);
      const found = objects.flatMap((object) => statisticsOf(object) ?? []);
      // Of a list that is cut in its first object there is the beginning of one.
      const begun = objects.some((object) => member(object, 'BytesReceived') !== undefined);
      if (found.length === 0 && !(begun && !document.complete)) continue;
      account.claim(document.line, document.endLine);
      if (!document.complete)
        account.note('truncated', 'The list of counters ends early', document.endLine);
      for (const { line, endLine, ...counts } of found)
        items.push({
          file: path,
          order: /-2\.\w+$/.test(path) ? 2 : 1,
          ...counts,
          evidence: [account.at(line, endLine)],
        });
    }
    return account.result(
      ...(items.length > 0 ? [{ kind: 'endpoint-statistics', items } as const] : []),
    );
  },
};

type Counts = Omit<HnsEndpointStatistics, 'file' | 'order' | 'evidence'>;

/** The counters of one endpoint; undefined where any of them is missing, as at a cut. */
function statisticsOf(
  object: JsonValue,
): (Counts & { readonly line: number; readonly endLine: number }) | undefined {
  const endpointId = guid(textOf(member(object, 'EndpointId')) ?? '');
  const of = (name: string): number | undefined => numberOf(member(object, name));
  const received = of('PacketsReceived');
  const sent = of('PacketsSent');
  const droppedIn = of('DroppedPacketsIncoming');
  const droppedOut = of('DroppedPacketsOutgoing');
  return endpointId === undefined ||
    received === undefined ||
    sent === undefined ||
    droppedIn === undefined ||
    droppedOut === undefined
    ? undefined
    : {
        endpointId,
        received,
        sent,
        droppedIn,
        droppedOut,
        line: object.line,
        endLine: object.endLine,
      };
}
