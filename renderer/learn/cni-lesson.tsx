import type { ReactElement } from 'react';

export function CniLesson(): ReactElement {
  return (
    <>
      <p>
        For every new pod, kubelet’s runtime runs the plugin that the first file of the CNI folder
        names, with that file as its input. What the file says goes into the HNS endpoint as it is.
        Pods that exist keep what they have: after a correction, pods have to be made anew.
      </p>
      <ul>
        <li>
          <strong>name</strong>: the HNS network to attach to. kube-proxy and flanneld have to mean
          the same one.
        </li>
        <li>
          <strong>OutBoundNAT with its ExceptionList</strong>: where source NAT must <em>not</em>{' '}
          apply: the pod network, the service network, the nodes’ own network. A network that is
          missing there makes pods talk to it under the node’s address; a wrong prefix breaks more.
        </li>
        <li>
          <strong>ROUTE policies</strong>: one for the service network with encapsulation, so that
          service traffic leaves through the switch, and on l2bridge one for the node itself.
        </li>
        <li>
          <strong>DNS</strong>: the address of the cluster’s DNS service, and the search suffixes.
          Windows tries them in its own way; write the suffix of the namespace in full.
        </li>
        <li>
          <strong>Policies for V2 schema</strong> differ in shape from those of V1; a file in the
          shape of the other one is refused, or worse, half taken.
        </li>
      </ul>
      <p>
        <strong>l2bridge</strong> puts pods on the node’s own layer 2 with addresses of a pod
        subnet; MACs are rewritten on the way out and other nodes are reached by plain routes.{' '}
        <strong>overlay</strong> wraps traffic between nodes in VXLAN and needs a provider address,
        a VSID, and remote endpoints for the other nodes’ pods.
      </p>
    </>
  );
}
