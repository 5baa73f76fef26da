import type { OsVersion } from '../model/system';
import { LineAccount, pastedLines } from './line-account';
import type { Parser } from './parser';
import {
  claimEchoes,
  hasColumns,
  printedNumber,
  printedObjects,
  type PrintedObject,
} from './printed-objects';
import { promptAt } from './powershell/prompt';

/** `Microsoft Windows [Version 10.0.17763.1999]`, in any language. */
const VER = /\[[^\d[\]]*(10\.0\.\d{5}(?:\.\d+)?)\]/;
const BARE = /^\s*(10\.0\.\d{5}(?:\.\d+)?)\s*$/;
const SYSTEMINFO = /^\s*\S.*?:\s+(10\.0\.\d{5})\s+\S+\s+\S*\s*(\d{5})\s*$/;
const BUILD_LAB = /^(\d{5})\.(\d+)\./;

function versionOf(text: string): Pick<OsVersion, 'build' | 'ubr'> {
  const [, , build, ubr] = text.split('.');
  return { build: printedNumber(build), ubr: printedNumber(ubr) };
}

/**
 * The Windows version: the registry values of CurrentVersion as list or table (winver.txt),
 * Win32_OperatingSystem, `ver`, systeminfo, or the bare version number.
 */
export const winverParser: Parser = {
  kind: 'winver',
  title: 'Windows product, build and update revision',
  command: "Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion'",
  recognise(region, head) {
    if (head.some((line) => /^\s*(CurrentBuild(Number)?|BuildLabEx|UBR)\s+:/i.test(line)))
      return 92;
    if (hasColumns(head, 'productname', 'buildlabex') || hasColumns(head, 'currentbuild', 'ubr'))
      return 92;
    if (head.some((line) => VER.test(line) || SYSTEMINFO.test(line))) return 70;
    if (head.some((line) => BARE.test(line))) return 60;
    return /(^|[/_-])winver\.txt$/i.test(region.file.path) ? 38 : 0;
  },
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    claimEchoes(
      lines,
      account,
      /Win32_OperatingSystem|CurrentVersion|^ver$|cmd.*\bver\b|OSVersion|systeminfo|winver|Get-ComputerInfo/i,
    );
    const items: OsVersion[] = [];
    const required = [
      'currentbuild',
      'currentbuildnumber',
      'buildlabex',
      'buildlab',
      'buildnumber',
      'ubr',
      'windowsbuildlabex',
    ];
    // Where the file ends, half a number would be another number.
    const whole = (object: PrintedObject, ...names: string[]): string | undefined => {
      const place = object.at(...names);
      return place && account.endsInside(place.endLine) ? undefined : object.value(...names);
    };
    for (const object of printedObjects(lines, account, [required])) {
      const buildLab = object.value('buildlabex', 'buildlab', 'windowsbuildlabex');
      const place = object.at('currentbuild', 'currentbuildnumber', 'buildnumber', 'buildlabex');
      const item = {
        productName: object.value('productname', 'windowsproductname', 'caption'),
        build:
          printedNumber(whole(object, 'currentbuild', 'currentbuildnumber', 'buildnumber')) ??
          printedNumber(BUILD_LAB.exec(buildLab ?? '')?.[1]),
        ubr: printedNumber(whole(object, 'ubr')),
        buildLab,
        displayVersion: object.value('displayversion', 'releaseid', 'windowsversion'),
        evidence: [
          ...(place ? [account.at(place.line, place.endLine)] : []),
          account.at(object.line, object.endLine),
        ],
      };
      if (item.build !== undefined || item.productName !== undefined) items.push(item);
    }
    for (const { n, text } of lines) {
      if (account.has(n) || promptAt(text)) continue;
      const version = VER.exec(text)?.[1] ?? BARE.exec(text)?.[1] ?? SYSTEMINFO.exec(text)?.[1];
      if (version === undefined) continue;
      account.claim(n);
      items.push({ ...versionOf(version), evidence: [account.at(n)] });
    }
    return account.result(...(items.length > 0 ? [{ kind: 'os-version', items } as const] : []));
  },
};
