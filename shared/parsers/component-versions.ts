import type { ComponentVersion } from '../model/system';
import { LineAccount, pastedLines } from './line-account';
import type { Parser } from './parser';

/** `kubelet.exe Kubernetes v1.29.4`: the program, then what it printed, in one line. */
const ROW = /^\s*(kubelet|kube-proxy|containerd|flanneld|rke2)\.exe\s+(\S.*?)\s*$/i;
/** The first number of the form 1.2.3 is the program's own; what follows is of its compiler. */
const VERSION = /(?:^|[\sv"])v?(\d+\.\d+\.\d+(?:[-+][\w.+-]+)?)/;
const NOT_THERE = /^missing: (.+)$/i;

/**
 * versions.txt of the collector: a line for each program with the output of its `--version`
 * (`Kubernetes v1.29.4` of kubelet and kube-proxy, `github.com/containerd/containerd v1.7.16
 * <commit>`, `v0.25.1` of flanneld, `rke2 version v1.28.9+rke2r1 (<commit>) go version ...`), or
 * why there is none.
 */
export const componentVersionsParser: Parser = {
  kind: 'component-versions',
  title: 'Versions of kubelet, kube-proxy and container runtime',
  command: 'kubelet.exe --version; kube-proxy.exe --version; containerd.exe --version',
  recognise(region, head) {
    const rows = head.filter((line) => {
      const said = ROW.exec(line)?.[2] ?? '';
      return VERSION.test(said) || NOT_THERE.test(said);
    });
    if (rows.length >= 2) return 90;
    return /(^|\/)versions\.txt$/i.test(region.file.path) ? 38 : 0;
  },
  parse(region) {
    const account = new LineAccount(region);
    const items: ComponentVersion[] = [];
    for (const { n, text } of pastedLines(region)) {
      const [, program = '', said = ''] = ROW.exec(text) ?? [];
      if (program === '') continue;
      account.claim(n);
      if (account.endsInside(n))
        account.note('truncated', 'The line ends here: the version may be cut', n);
      const version = account.endsInside(n) ? undefined : VERSION.exec(said)?.[1];
      const reason = NOT_THERE.exec(said)?.[1] ?? said;
      items.push({
        component: program.toLowerCase(),
        version,
        reason: version === undefined ? reason : undefined,
        evidence: [account.at(n)],
      });
    }
    return account.result(
      ...(items.length > 0 ? [{ kind: 'component-versions', items } as const] : []),
    );
  },
};
