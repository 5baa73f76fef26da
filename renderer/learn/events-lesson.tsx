import type { ReactElement } from 'react';

export function EventsLesson(): ReactElement {
  return (
    <>
      <p>
        kubelet reports to the control plane what it could not do. Those events live for an hour by
        default, so collect them while the symptom shows. Read them from the oldest repetition: the
        first failure names the cause, the later ones its consequences.
      </p>
      <ul>
        <li>
          <strong>FailedCreatePodSandBox</strong>: the pause container or its network could not be
          made. The text carries the CNI plugin’s or HNS’s own error.
        </li>
        <li>
          <strong>ContainerCreating</strong> for minutes: nearly always the same, waiting.
        </li>
        <li>
          <strong>NodeNotReady, NetworkPluginNotReady</strong>: no valid CNI configuration was found
          at all.
        </li>
        <li>
          <strong>CrashLoopBackOff</strong> is the container’s own affair, unless what it cannot
          reach is the network.
        </li>
      </ul>
      <p>
        Pods on one node that fail alike point to that node; one pod that fails on every node points
        to the pod.
      </p>
    </>
  );
}
