import { findJson } from '../json-tree';
import { LineAccount, pastedLines } from '../line-account';
import type { Parser } from '../parser';
import { isKubeObject, KubeObjects } from './kube-objects';

/** Output of `kubectl get -o json`: objects or lists, one value after another. */
export const kubectlJsonParser: Parser = {
  kind: 'kubectl-json',
  title: 'Kubernetes objects as JSON (kubectl get -o json)',
  command: 'kubectl get pods -A -o json',
  recognise: (_region, head) => {
    const text = head.join('\n');
    if (!/"kind"\s*:\s*"[A-Z]\w+"/.test(text) && !/"items"\s*:/.test(text)) return 0;
    return /"apiVersion"\s*:/.test(text) ? 94 : 0;
  },
  parse: (region) => {
    const account = new LineAccount(region);
    const objects = new KubeObjects(region.file.path);
    for (const document of findJson(pastedLines(region))) {
      if (!isKubeObject(document.root)) continue;
      account.claim(document.line, document.endLine);
      objects.add(document.root);
      for (const { kind, message, line } of document.problems) {
        account.note(kind === 'truncated' ? 'truncated' : 'info', message, line);
      }
    }
    noteUnused(objects, account, region.line);
    return account.result(...objects.facts());
  },
};

/** Says which kinds of objects were there that no check uses. */
export function noteUnused(objects: KubeObjects, account: LineAccount, line: number): void {
  const kinds = [...objects.unusedKinds].map(([kind, count]) => `${count} × ${kind || 'no kind'}`);
  if (kinds.length > 0)
    account.note('info', `objects that no check uses: ${kinds.join(', ')}`, line);
}
