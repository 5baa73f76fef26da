import type { ReactElement } from 'react';

export function LogsLesson(): ReactElement {
  return (
    <>
      <p>
        Three logs tell most of the story. collectlogs.ps1 does not copy them: where they lie
        depends on how the node was installed, often <code>C:\k</code> or <code>C:\var\log</code>.
      </p>
      <ul>
        <li>
          <strong>kubelet</strong>: sandbox creation and CNI calls. Search for the pod’s name, then
          for “cni” and “hcs”.
        </li>
        <li>
          <strong>kube-proxy</strong>: one line per load balancer it makes, and HNS’s answer when it
          cannot. Its first lines hold its flags and the network it found.
        </li>
        <li>
          <strong>flanneld</strong>: the subnet it leased, and each route it adds for another node.
        </li>
      </ul>
      <p>
        The level is the first letter of a line: I, W, E, F. The date has no year, so the year is
        taken from the time of collection. A log whose last line is much older than the collection
        belongs to a process that stopped or hangs, whatever a process list says. Many errors at the
        very start only mean that the API server was not reachable yet.
      </p>
    </>
  );
}
