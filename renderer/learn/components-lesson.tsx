import type { ReactElement } from 'react';

export function ComponentsLesson(): ReactElement {
  return (
    <>
      <p>
        A pod’s network on Windows is made by a chain of components, each asking the next. When one
        of them is down, those after it look broken although they are not; so this comes first.
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Component</th>
            <th scope="col">Does</th>
            <th scope="col">Look at it when</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <td>kubelet</td>
            <td>Starts pods; has the runtime make a sandbox, and the CNI plugin its network</td>
            <td>Pods stay in ContainerCreating, or the node is NotReady</td>
          </tr>
          <tr>
            <td>Container runtime (containerd, docker)</td>
            <td>Runs containers, the pause container of each pod first</td>
            <td>No container starts at all</td>
          </tr>
          <tr>
            <td>CNI plugin (win-bridge, win-overlay, sdnbridge, azure-vnet)</td>
            <td>A program, run once per pod: creates the HNS endpoint and attaches it</td>
            <td>Sandboxes fail with an HNS or CNI error; pods lack addresses</td>
          </tr>
          <tr>
            <td>flanneld or another network daemon</td>
            <td>Keeps routes or overlay entries to the other nodes’ pods current</td>
            <td>Pods reach their own node and no other</td>
          </tr>
          <tr>
            <td>kube-proxy</td>
            <td>Watches Services; makes an HNS load balancer for each port of each of them</td>
            <td>Service addresses fail while pod addresses answer</td>
          </tr>
          <tr>
            <td>HNS (service hns) and vfpext</td>
            <td>Hold the objects; put them into force in the virtual switch</td>
            <td>Commands on HNS hang or fail, or all of the above complain of it</td>
          </tr>
        </tbody>
      </table>
      <p>
        The <strong>pause container</strong> does nothing, on purpose. It owns the pod’s network
        compartment and endpoint, so that the real containers may crash and restart without losing
        their address. An endpoint is therefore found with the pause container, not with yours.
      </p>
    </>
  );
}
