import { LineAccount, pastedLines } from './line-account';
import type { Parser } from './parser';
import { isPesterLine, readPester } from './pester-grammar';
import { claimEchoes } from './printed-objects';
import { promptAt } from './powershell/prompt';

const VALIDATE =
  /ValidateKubernetes|Kubernetes Prerequisites|Basic Connectivity Tests|win-webserver/;

/**
 * Pester output: of ValidateKubernetes.Pester.tests.ps1, which deploys a workload and tries its
 * connections, or of any other Pester script.
 */
export const pesterParser: Parser = {
  kind: 'pester',
  title: 'Results of a test script (ValidateKubernetes or another Pester run)',
  command: '.\\ValidateKubernetes.Pester.tests.ps1',
  recognise(region, head) {
    if (head.some(isPesterLine)) return 85;
    if (
      head.some((line) => /Pester\.tests\.ps1|Invoke-Pester/i.test(promptAt(line)?.command ?? ''))
    )
      return 80;
    return /pester|validatekubernetes/i.test(region.file.path) ? 38 : 0;
  },
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    claimEchoes(lines, account, /\.tests\.ps1|Invoke-Pester|ValidateKubernetes/i);
    const { tests, rollouts } = readPester(lines, account);
    const suite = lines.some(({ text }) => VALIDATE.test(text)) ? 'validate-kubernetes' : 'pester';
    if (tests.length === 0 && rollouts.length === 0) return account.result();
    return account.result({ kind: 'tests', items: tests, suite, rollouts });
  },
};
