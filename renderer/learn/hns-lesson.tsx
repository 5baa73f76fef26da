import type { ReactElement } from 'react';

export function HnsLesson(): ReactElement {
  return (
    <>
      <p>
        HNS is the book-keeper: it holds what was asked for. <strong>VFP</strong>, the Virtual
        Filtering Platform, is the worker: an extension of the Hyper-V virtual switch that looks at
        every packet of every port. HNS tells VFP what to do; when the two disagree, packets follow
        VFP.
      </p>
      <ul>
        <li>
          A <strong>port</strong> is where a container’s adapter is plugged into the switch. Each
          has its own copy of all rules.
        </li>
        <li>
          A port’s <strong>layers</strong> are passed in order of priority, outwards one way and
          inwards the other: access lists, load balancing, source NAT, MAC rewriting.
        </li>
        <li>
          A layer’s <strong>groups</strong> part rules by direction and kind, for IPv4 and IPv6.
          Within a group the first <strong>rule</strong> that matches decides.
        </li>
        <li>
          Conditions are the packet’s addresses, ports and protocol; actions allow, block, rewrite
          or load-balance.
        </li>
      </ul>
      <p>
        A load balancer of HNS shows up in VFP as one rule on <em>each</em> port: VIP, port and
        protocol as the condition, the backends (DIPs) as the action. “5 of 6 ports” means that the
        pod on the sixth does not get there, and nobody else notices.
      </p>
      <p>
        A load balancer names its backends by endpoint. So backends on other nodes have endpoints
        here as well: <strong>remote endpoints</strong>, with an address and no container.
      </p>
    </>
  );
}
