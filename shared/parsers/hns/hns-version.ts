import type { HnsVersion } from '../../model/system';
import { findJson, itemsOf, member, numberOf, type JsonValue } from '../json-tree';
import { LineAccount, pastedLines } from '../line-account';
import type { Parser } from '../parser';
import { claimEchoes } from '../printed-objects';

const NAMED = /(^|\/)hnsversion\.txt$/i;

/**
 * The version of HNS: `{ "Major": 9, "Minor": 3 }`, alone, in a list, or below `Version` (the
 * globals of the HNS service, as hcsshim reads them).
 */
export const hnsVersionParser: Parser = {
  kind: 'hns-version',
  title: 'The version of HNS',
  command: 'Invoke-HnsRequest -Method GET -Type globals -Id version',
  recognise(region, head) {
    const has = (name: string): boolean =>
      head.some((line) => new RegExp(`^\\s*"${name}"\\s*:\\s*\\d+,?\\s*\\}?$`, 'i').test(line));
    if (head.length <= 12 && has('Major') && has('Minor')) return 80;
    return NAMED.test(region.file.path) ? 38 : 0;
  },
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    claimEchoes(lines, account, /Invoke-HnsRequest|globals/i);
    const items: HnsVersion[] = [];
    for (const document of findJson(lines)) {
      const found = versionIn(document.root);
      if (found === undefined) continue;
      account.claim(document.line, document.endLine);
      items.push({ ...found, evidence: [account.at(document.line, document.endLine)] });
    }
    return account.result(...(items.length > 0 ? [{ kind: 'hns-version', items } as const] : []));
  },
};

function versionIn(value: JsonValue): { major: number; minor: number } | undefined {
  const objects = value.kind === 'object' ? [value] : itemsOf(value);
  for (const object of objects) {
    const version = member(object, 'Version') ?? object;
    const major = numberOf(member(version, 'Major'));
    const minor = numberOf(member(version, 'Minor'));
    if (major !== undefined && minor !== undefined) return { major, minor };
  }
  return undefined;
}
