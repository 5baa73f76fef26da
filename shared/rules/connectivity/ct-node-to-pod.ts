import { fired, type Rule } from '../rule';
import { failureText } from '../system/validation-tests';
import { failedOrOutcome, testRef } from './connection-test';

/** In overlay networks the host reaches its pods from this build on, which made the HostRoute policy. */
const OVERLAY_HOST_ROUTE_BUILD = 18321;

export const rule: Rule = {
  meta: {
    id: 'CT-NODE-TO-POD',
    step: 2,
    severity: 'error',
    title: 'The node reaches its own pods',
    description:
      'Takes the results of connections from the node to pods that run on it. Without this way the probes of the kubelet fail. In overlay networks before build 18321 it does not exist, so it is only for information there.',
    impact: 'Liveness and readiness probes fail: pods restart and leave their services.',
    needs: ['tests'],
    falsePositives:
      'Expected in overlay networks before build 18321. A network policy may forbid it; a pod that just ended fails too.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/flannel-io/flannel/blob/master/pkg/backend/vxlan/vxlan_windows.go',
    ],
  },
  check({ snapshot }) {
    const result = failedOrOutcome(snapshot, 'hostToLocalPod');
    if ('outcome' in result) return result.outcome;
    const build = snapshot.os?.build;
    const byDesign =
      snapshot.mode.mode === 'overlay' && build !== undefined && build < OVERLAY_HOST_ROUTE_BUILD;
    return fired(
      ...result.failed.map((test) => ({
        severity: byDesign ? ('info' as const) : ('error' as const),
        title: 'The node does not reach one of its own pods',
        summary: `The test "${test.name}" failed: ${failureText(test)}.${byDesign ? ` This Windows (build ${build}) cannot do it in an overlay network.` : ''}`,
        cause: byDesign
          ? 'Before build 18321 no HostRoute policy leads from the host into an overlay network.'
          : 'The host route or the policy for it is missing, the endpoint is not attached, or the pod does not answer at this port.',
        remedy: [
          {
            text: 'See in step 6 whether the endpoint of the pod is attached and its VFP port is not blocked, and in step 7 the routes of the host to the pods.',
            command: 'Test-NetConnection <pod IP> -Port <port>; route print',
            disturbs: 'Nothing.',
            verify: { kind: 'observation' as const, text: 'The pod answers the node.' },
          },
        ],
        entities: [testRef(test)],
        evidence: test.evidence,
      })),
    );
  },
};
