import type { KubePod } from '../model/kubernetes';

/** What PowerShell and the shells of Unix read as one word as it stands; and `<pod>`, which the reader replaces. */
const PLAIN = /^(?:[\w.:/\\@%+~-]+|<[\w .-]+>)$/;

/**
 * A text of the evidence as one argument of a command that is copied into PowerShell: as it stands
 * where that is one plain word, else in single quotes, in which nothing is expanded. Whatever a name
 * holds, it stays a name; one that would be read as an option is left for the reader to fill in.
 */
export function argument(text: string): string {
  if (text.startsWith('-')) return '<name>';
  return PLAIN.test(text) ? text : `'${text.replace(/[\r\n]+/g, ' ').replace(/['‘’‚‛]/g, '$&$&')}'`;
}

/** The same inside of double quotes that a command has already: nothing in it is expanded or ends them. */
export const quotedPart = (text: string): string =>
  text.replace(/[\r\n]+/g, ' ').replace(/[`"“”„$]/g, '`$&');

/** `kubectl delete pod web -n shop`; `<pod>` where it is not known which. */
export function kubectlOnPod(
  verb: 'delete' | 'describe',
  pod: Pick<KubePod, 'name' | 'namespace'> | undefined,
): string {
  const namespace = pod?.namespace === undefined ? '' : ` -n ${argument(pod.namespace)}`;
  return `kubectl ${verb} pod ${argument(pod?.name ?? '<pod>')}${namespace}`;
}
