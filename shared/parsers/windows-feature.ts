import type { WindowsFeature } from '../model/system';
import { LineAccount, pastedLines } from './line-account';
import type { Parser } from './parser';
import { claimEchoes, hasColumns, printedObjects } from './printed-objects';

/** `[X] Containers   Containers   Installed`: the check box stands in the display name's column. */
const BOX = /^\s*\[([ X])\]\s+(\S.*?)\s{2,}(\S+)\s+(\S.*?)\s*$/;

/**
 * `Get-WindowsFeature` (server: table with check boxes, Install State) and
 * `Get-WindowsOptionalFeature` (client: list with FeatureName and State).
 */
export const windowsFeatureParser: Parser = {
  kind: 'windows-feature',
  title: 'Windows features and whether they are installed',
  command: 'Get-WindowsFeature Containers',
  recognise: (_region, head) =>
    head.some((line) => BOX.test(line)) ||
    hasColumns(head, 'featurename', 'state') ||
    hasColumns(head, 'display name', 'install state') ||
    hasColumns(head, 'name', 'installstate')
      ? 88
      : 0,
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    claimEchoes(lines, account, /Windows(Optional)?Feature/i);
    const items: WindowsFeature[] = [];
    for (const { n, text } of lines) {
      if (
        /^\s*Display Name\s+Name\s+Install State\s*$/i.test(text) ||
        /^\s*-{5,}\s+-+\s+-{5,}\s*$/.test(text)
      )
        account.claim(n);
      const box = BOX.exec(text);
      if (!box) continue;
      account.claim(n);
      items.push({ name: box[3] ?? '', installed: box[1] === 'X', evidence: [account.at(n)] });
    }
    const objects = [
      ...printedObjects(lines, account, [['featurename'], ['state']]),
      ...printedObjects(lines, account, [['name'], ['install state', 'installstate', 'installed']]),
    ];
    for (const object of objects) {
      if (items.some(({ evidence }) => evidence[0]?.line === object.line)) continue;
      const name = object.value('featurename', 'name');
      const state = object.value('state', 'install state', 'installstate', 'installed');
      if (name === undefined || state === undefined) {
        account.note('truncated', 'The feature has no readable state', object.line, object.endLine);
        continue;
      }
      items.push({
        name,
        installed: /^(enabled|installed|true)$/i.test(state),
        evidence: [account.at(object.line, object.endLine)],
      });
    }
    return account.result(...(items.length > 0 ? [{ kind: 'features', items } as const] : []));
  },
};
