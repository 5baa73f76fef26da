import type { Hotfix } from '../model/system';
import { LineAccount, pastedLines } from './line-account';
import type { Parser } from './parser';
import { dateOrderOf, printedDate } from './printed-date';
import { claimEchoes, hasColumns, printedObjects } from './printed-objects';

/**
 * `Get-HotFix`, as table or list. InstalledOn is printed in the form of the node's culture: its
 * text is kept, and read as a date only where day and month can be told apart.
 */
export const hotfixesParser: Parser = {
  kind: 'hotfixes',
  title: 'Updates of Windows that are installed',
  command: 'Get-HotFix',
  recognise(region, head) {
    if (hasColumns(head, 'hotfixid', 'installedon') || hasColumns(head, 'hotfixid', 'description'))
      return 90;
    return /(^|\/)hotfixes\.txt$/i.test(region.file.path) ? 38 : 0;
  },
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    claimEchoes(lines, account, /Get-HotFix|qfe|QuickFixEngineering/i);
    const objects = printedObjects(lines, account, [['hotfixid']]);
    const order = dateOrderOf(objects.flatMap((object) => object.value('installedon') ?? []));
    const items: Hotfix[] = [];
    for (const object of objects) {
      const id = object.value('hotfixid');
      if (id === undefined) {
        account.note('skipped', 'The update has no readable id', object.line, object.endLine);
        continue;
      }
      const installedOn = object.value('installedon');
      items.push({
        id: id.toUpperCase(),
        description: object.value('description'),
        installedOn,
        installedAt: printedDate(installedOn ?? '', order)?.time,
        evidence: [account.at(object.line, object.endLine)],
      });
    }
    const undated = items.find((i) => i.installedOn !== undefined && i.installedAt === undefined);
    if (undated)
      account.note(
        'info',
        'Dates stay as printed: nothing tells whether the day or the month comes first',
        undated.evidence[0]?.line ?? region.line,
      );
    return account.result(...(objects.length > 0 ? [{ kind: 'hotfixes', items } as const] : []));
  },
};
