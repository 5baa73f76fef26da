import type { ReactElement } from 'react';

export function PacketsLesson(): ReactElement {
  return (
    <>
      <p>
        A trace computes what happens to one packet from the collected rules: each layer it meets,
        what is rewritten, where it leaves or dies, with the lines that say so. It sends nothing.
        What VFP does and no dump shows is assumed, and each trace lists its assumptions.
      </p>
      <p>
        When configuration looks right and packets still get lost, watch them. Capture on the node
        that sends and on the one that receives; the place where a packet was last seen is the one
        before the fault.
      </p>
      <ul>
        <li>
          Capture with the smallest filter that shows the symptom, and start a ping or a TCP connect
          with a recognisable size or port.
        </li>
        <li>
          On overlay, the wire shows UDP 4789 between provider addresses; the pod’s packet is
          inside.
        </li>
        <li>
          <strong>pktmon</strong> names the component that dropped a packet, and why.{' '}
          <strong>vfpctrl</strong> counts hits per rule: a rule that stays at zero while you test is
          not reached.
        </li>
        <li>A SYN that leaves and no answer: the way back. No SYN at all: this node, VFP first.</li>
      </ul>
    </>
  );
}
