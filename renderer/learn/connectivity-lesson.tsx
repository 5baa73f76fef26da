import type { ReactElement } from 'react';

export function ConnectivityLesson(): ReactElement {
  return (
    <>
      <p>
        Before reading configuration, measure. Run the same few tests from inside a Windows pod and
        note which of them fail; the pattern already says which part is broken.
      </p>
      <ul>
        <li>Pod on this node fails: the endpoint, its compartment or its VFP port. See step 6.</li>
        <li>Pod on another node fails: routes or overlay. See the inter-node path of step 7.</li>
        <li>The internet fails: OutBoundNAT and its exceptions. See the outbound path.</li>
        <li>
          A Service address fails while its pods answer: load balancers and their VFP rules. See the
          services path.
        </li>
        <li>
          Only names fail: DNS servers and suffixes in the pod’s adapter, or the load balancer of
          the DNS service. See the DNS path.
        </li>
      </ul>
      <p>
        Ping is a weak test on Windows: service addresses do not answer it, and source NAT drops it
        on the way out. Use TCP: <code>Test-NetConnection 10.96.0.1 -Port 443</code>, and{' '}
        <code>Resolve-DnsName</code> for names.
      </p>
    </>
  );
}
