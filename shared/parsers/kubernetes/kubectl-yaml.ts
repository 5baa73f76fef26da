import { LineAccount, pastedLines } from '../line-account';
import type { Parser } from '../parser';
import { promptAt } from '../powershell/prompt';
import { noteUnused } from './kubectl-json';
import { isKubeObject, KubeObjects } from './kube-objects';
import { readYaml } from './yaml-tree';

/** Output of `kubectl get -o yaml`, or manifests: documents separated by `---`. */
export const kubectlYamlParser: Parser = {
  kind: 'kubectl-yaml',
  title: 'Kubernetes objects as YAML (kubectl get -o yaml)',
  command: 'kubectl -n kube-flannel get configmap kube-flannel-cfg -o yaml',
  recognise: (_region, head) => {
    const hasVersion = head.some((line) => /^\s{0,8}apiVersion:\s/.test(line));
    return hasVersion && head.some((line) => /^\s{0,8}(?:kind|items|data|metadata):/.test(line))
      ? 88
      : 0;
  },
  parse: (region) => {
    const account = new LineAccount(region);
    const objects = new KubeObjects(region.file.path);
    const lines = pastedLines(region);
    const start = lines.findIndex(({ text }) =>
      /^(?:apiVersion|kind|metadata|items|---)/.test(text),
    );
    if (start === -1) return account.result();
    const next = lines.findIndex(({ text }, i) => i > start && promptAt(text) !== undefined);
    const documents = readYaml(lines.slice(start, next === -1 ? undefined : next));
    for (const document of documents) {
      for (const { message, line } of document.errors) account.note('skipped', message, line);
      if (!isKubeObject(document.root)) continue;
      account.claim(document.line, document.endLine);
      objects.add(document.root);
    }
    for (const { n, text } of lines) if (/^---\s*$|^#/.test(text)) account.claim(n);
    noteUnused(objects, account, region.line);
    return account.result(...objects.facts());
  },
};
