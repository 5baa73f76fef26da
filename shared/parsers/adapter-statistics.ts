import type { AdapterStatistics } from '../model/tcpip';
import { LineAccount, pastedLines } from './line-account';
import type { Parser } from './parser';
import { readObjectLists } from './powershell/object-list';
import { claimEchoes, hasColumns, printedNumber } from './printed-objects';

/** The class of these objects, the first of their properties. */
const SETTING = /^MSFT_NetAdapterStatisticsSettingData\b/;
const COUNTER = /^(sent|received|outbound)\w*(packets|bytes|errors)$/i;

/**
 * `Get-NetAdapterStatistics | Format-List`: the counters of each adapter. The collector asks twice,
 * seconds apart, and names the file of the second time with `-2`.
 */
export const adapterStatisticsParser: Parser = {
  kind: 'adapter-statistics',
  title: 'Counters of the network adapters',
  command: 'Get-NetAdapterStatistics -IncludeHidden | Format-List *',
  recognise(region, head) {
    if (hasColumns(head, 'receivedbytes', 'sentbytes')) return 88;
    return /(^|\/)adapterstatistics(-2)?\.txt$/i.test(region.file.path) ? 38 : 0;
  },
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    claimEchoes(lines, account, /Get-NetAdapterStatistics/i);
    const items: AdapterStatistics[] = [];
    for (const { properties, line, endLine } of readObjectLists(lines)) {
      const counts = properties.has('receivedbytes') || properties.has('sentbytes');
      if (!counts && !SETTING.test(properties.get('caption')?.value ?? '')) continue;
      account.claim(line, endLine);
      const cut = account.endsInside(endLine);
      if (cut) account.note('truncated', 'The counters end inside of this line', endLine);
      const counters = new Map<string, number>();
      for (const property of properties.values()) {
        const value = printedNumber(property.value);
        if (value === undefined || !COUNTER.test(property.name)) continue;
        if (!cut || property.endLine < endLine) counters.set(property.name, value);
      }
      if (counters.size === 0) continue;
      items.push({
        file: region.file.path,
        order: /-2\.\w+$/.test(region.file.path) ? 2 : 1,
        adapter: properties.get('name')?.value ?? '',
        description: properties.get('interfacedescription')?.value,
        counters,
        evidence: [account.at(line, endLine)],
      });
    }
    return account.result(
      ...(items.length > 0 ? [{ kind: 'adapter-statistics', items } as const] : []),
    );
  },
};
