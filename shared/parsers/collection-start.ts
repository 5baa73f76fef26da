import { findJson, member, textOf } from './json-tree';
import { instant } from './kubernetes/duration';
import { LineAccount, pastedLines } from './line-account';
import type { Parser } from './parser';

/**
 * `collection.json`, the first section of the collector (assets/collector/collect.ps1): when it
 * began by the node's own clock, the host, and the parameters it was given.
 */
export const collectionStartParser: Parser = {
  kind: 'collection-start',
  title: 'Start of the collection: time, zone, host and parameters of the collector',
  command: 'powershell -NoProfile -File collect.ps1 -OutputFolder <folder>',
  recognise: (_region, head) => {
    const text = head.join('\n');
    return /"collector"\s*:\s*"hns-workbench"/.test(text) && /"startedAt"/.test(text) ? 98 : 0;
  },
  parse: (region) => {
    const account = new LineAccount(region);
    const file = region.file.path;
    for (const { root, line, endLine, problems } of findJson(pastedLines(region))) {
      if (textOf(member(root, 'collector')) !== 'hns-workbench') continue;
      account.claim(line, endLine);
      for (const problem of problems)
        account.note(
          problem.kind === 'truncated' ? 'truncated' : 'info',
          problem.message,
          problem.line,
        );
      const started = member(root, 'startedAt');
      const startedAt = instant(textOf(started));
      if (startedAt === undefined)
        account.note('info', 'The time of the collection is not readable', started?.line ?? line);
      return account.result({
        kind: 'collections',
        items: [
          {
            file,
            startedAt,
            endedAt: undefined,
            complete: undefined,
            sections: [],
            evidence: [account.at(started?.line ?? line)],
          },
        ],
      });
    }
    return account.result();
  },
};
