import type { ImageInfo } from '../model/system';
import { LineAccount, pastedLines } from './line-account';
import type { Parser } from './parser';
import { claimEchoes } from './printed-objects';
import { promptAt } from './powershell/prompt';

const HEADER = /^\s*(REPOSITORY|IMAGE)\s+TAG\s+IMAGE ID\s+/;
const CTR_HEADER = /^\s*REF\s+TYPE\s+DIGEST\s+SIZE\b/;

/** `docker images`, `crictl images` and `ctr images ls`: columns apart by two blanks or more. */
export const imagesParser: Parser = {
  kind: 'images',
  title: 'Container images on the node',
  command: 'crictl images',
  recognise: (_region, head) =>
    head.some((line) => HEADER.test(line) || CTR_HEADER.test(line)) ? 92 : 0,
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    claimEchoes(lines, account, /\bimages?\b/i);
    const items: ImageInfo[] = [];
    let form: 'tagged' | 'ref' | undefined;
    let seen = false;
    for (const { n, text } of lines) {
      if (HEADER.test(text) || CTR_HEADER.test(text)) {
        account.claim(n);
        form = HEADER.test(text) ? 'tagged' : 'ref';
        seen = true;
        continue;
      }
      if (text.trim() === '' || promptAt(text)) form = undefined;
      if (form === undefined) continue;
      const [name = '', tag = ''] = text.trim().split(/\s+/);
      account.claim(n);
      const tagged = form === 'tagged' && tag !== '' && tag !== '<none>';
      items.push({ name: tagged ? `${name}:${tag}` : name, evidence: [account.at(n)] });
    }
    return account.result(...(seen ? [{ kind: 'images', items } as const] : []));
  },
};
