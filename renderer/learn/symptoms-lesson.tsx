import type { ReactElement } from 'react';

export function SymptomsLesson(): ReactElement {
  return (
    <>
      <p>
        Nearly every report is one of four symptoms. Each has a path that a packet needs whole;
        follow it from the pod outwards and stop at the first break.
      </p>
      <ul>
        <li>
          <strong>Pods on other nodes.</strong> The other node’s pod subnet needs a route whose next
          hop is that node, on the same layer 2 (l2bridge), or remote endpoints with a provider
          address (overlay). The way back is the other node’s business: it needs its own bundle.
        </li>
        <li>
          <strong>The internet.</strong> Adapter in the compartment, its gateway endpoint, a default
          route, OutBoundNAT that does not except everything, and MAC rewriting on l2bridge.
        </li>
        <li>
          <strong>Services.</strong> Service, HNS load balancer, its endpoints, and a VFP rule on
          every port. A NodePort adds rules on the host’s own port.
        </li>
        <li>
          <strong>Names.</strong> The DNS service is a service like any other, over UDP and TCP 53.
          Then the adapter in the pod has to name it, with the right suffixes.
        </li>
      </ul>
      <p>
        A dashed link was not looked at, for want of a file. It is neither sound nor broken; what it
        needs stands under “Not checked”.
      </p>
    </>
  );
}
