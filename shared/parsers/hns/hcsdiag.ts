import type { Container } from '../../model/system';
import { LineAccount, pastedLines } from '../line-account';
import type { Parser } from '../parser';
import { promptAt } from '../powershell/prompt';

/** `    Windows Server Container,  Running, <GUID>, <owner>`; a utility VM says `VM`. */
const DETAIL =
  /^\s*((?:Windows Server )?Container|VM|Virtual Machine)\s*,\s*([A-Za-z]+)\s*(?:,|$)/i;
const ID = /^\{?[0-9a-z][\w.@-]{7,}\}?\s*$/i;

/** `hcsdiag list`: an id line, then kind, state, GUID and owner of the compute system. */
export const hcsdiagParser: Parser = {
  kind: 'hcsdiag',
  title: 'Compute systems (containers and utility VMs) as hcsdiag lists them',
  command: 'hcsdiag list',
  recognise(region, head) {
    if (head.some((line) => DETAIL.test(line))) return 88;
    return /hcsdiag/i.test(region.file.path) ? 30 : 0;
  },
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region).filter(({ text }) => text.trim() !== '');
    const items: Container[] = [];
    lines.forEach(({ n, text }, index) => {
      const detail = DETAIL.exec(text);
      if (!detail) return;
      account.claim(n);
      const above = lines[index - 1];
      if (!above || account.has(above.n) || promptAt(above.text) || !ID.test(above.text.trim())) {
        account.note('skipped', 'A compute system without its id', n);
        return;
      }
      account.claim(above.n);
      items.push({
        id: above.text.trim().replace(/[{}]/g, ''),
        state: detail[2],
        runtime: 'hcs',
        isPause: false,
        evidence: [account.at(above.n, n)],
      });
    });
    const last = lines.at(-1);
    if (last && items.length > 0 && !account.has(last.n) && ID.test(last.text.trim())) {
      account.claim(last.n);
      account.note('truncated', 'The listing ends after an id', last.n);
    }
    return account.result(...(items.length > 0 ? [{ kind: 'containers', items } as const] : []));
  },
};
