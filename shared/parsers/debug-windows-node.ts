import type { Facts } from '../model/facts';
import { LineAccount, pastedLines } from './line-account';
import type { Parser } from './parser';
import { readPester } from './pester-grammar';
import { claimEchoes, printedNumber } from './printed-objects';

const BANNER = /Checking for common problems with Windows Kubernetes nodes/i;
const PRODUCT = /^\s*Container Host OS Product Name:\s*(\S.*?)\s*$/i;
const LABEL = /^\s*Container Host OS Build Label:\s*(\S+)\s*$/i;

/** Debug-WindowsNode.ps1: two lines about the operating system, then Pester tests of the prerequisites. */
export const debugWindowsNodeParser: Parser = {
  kind: 'debug-windows-node',
  title: 'Results of Debug-WindowsNode: build, Containers feature, HNS, kubelet and kube-proxy',
  command: '.\\Debug-WindowsNode.ps1',
  recognise(region, head) {
    if (head.some((line) => BANNER.test(line) || PRODUCT.test(line) || LABEL.test(line))) return 95;
    return /debug-?windowsnode/i.test(region.file.path) ? 39 : 0;
  },
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    claimEchoes(lines, account, /Debug-?WindowsNode/i);
    const { tests, rollouts } = readPester(lines, account);
    let productName: string | undefined;
    let buildLab: string | undefined;
    const evidence: number[] = [];
    for (const { n, text } of lines) {
      const product = PRODUCT.exec(text);
      const label = LABEL.exec(text);
      if (BANNER.test(text) || product || label) account.claim(n);
      productName ??= product?.[1];
      buildLab ??= label?.[1];
      if (label) evidence.unshift(n);
      else if (product) evidence.push(n);
    }
    const facts: Facts[] = [];
    if (tests.length > 0)
      facts.push({ kind: 'tests', items: tests, suite: 'debug-windows-node', rollouts });
    if (evidence.length > 0) {
      // The second part of BuildLabEx is the branch's revision, not the update revision (UBR).
      const build = printedNumber(/^(\d{5})\./.exec(buildLab ?? '')?.[1]);
      const item = { productName, build, buildLab, evidence: evidence.map((n) => account.at(n)) };
      facts.push({ kind: 'os-version', items: [item] });
    }
    return account.result(...facts);
  },
};
