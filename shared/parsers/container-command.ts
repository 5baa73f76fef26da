/** Options of docker exec and kubectl exec that take a value as their next word. */
const WITH_VALUE =
  /^(-n|--namespace|-c|--container|-u|--user|-w|--workdir|-e|--env|--context|--kubeconfig|-f|--filename)$/;

/**
 * The container or pod that a command runs in: the id of `docker exec`, `crictl exec` or
 * `ctr task exec`, the pod of `kubectl exec`. Undefined for a command of the node itself.
 */
export function containerOfCommand(command: string): string | undefined {
  const words = command.trim().split(/\s+/);
  const tool = words.findIndex((word) =>
    /^(docker|kubectl|crictl|ctr|nerdctl)(\.exe)?$/i.test(word),
  );
  const exec = words.findIndex((word, index) => index > tool && word.toLowerCase() === 'exec');
  if (tool < 0 || exec < 0) return undefined;
  for (let i = exec + 1; i < words.length; i += 1) {
    const word = words[i] ?? '';
    if (WITH_VALUE.test(word)) i += 1;
    else if (!word.startsWith('-')) return word.replace(/^pods?\//, '');
  }
  return undefined;
}

/** The namespace that a kubectl command names (`-n`, `--namespace`). */
export function namespaceOfCommand(command: string): string | undefined {
  return /(?:^|\s)(?:-n|--namespace)[ =](\S+)/.exec(command)?.[1];
}
