import type { Rule } from './rule';
import { rule as capDropListener } from './captures/cap-drop-listener';
import { rule as capDropMac } from './captures/cap-drop-mac';
import { rule as capDropMtu } from './captures/cap-drop-mtu';
import { rule as capDropPolicy } from './captures/cap-drop-policy';
import { rule as capDropPort } from './captures/cap-drop-port';
import { rule as capDropRoute } from './captures/cap-drop-route';
import { rule as capDropVlan } from './captures/cap-drop-vlan';
import { rule as capDropVsid } from './captures/cap-drop-vsid';
import { rule as capExtMissing } from './captures/cap-ext-missing';
import { rule as capNoPackets } from './captures/cap-no-packets';
import { rule as capTrunc } from './captures/cap-trunc';
import { rule as capWrap } from './captures/cap-wrap';
import { rule as cntAsym } from './captures/cnt-asym';
import { rule as cntDrops } from './captures/cnt-drops';
import { rule as cntTcp } from './captures/cnt-tcp';
import { rule as flowNoState } from './captures/flow-no-state';
import { rule as flowPodNet } from './captures/flow-pod-net';
import { rule as flowPodPodL2b } from './captures/flow-pod-pod-l2b';
import { rule as flowPodPodOvl } from './captures/flow-pod-pod-ovl';
import { rule as flowPodSvc } from './captures/flow-pod-svc';
import { rule as flowUnexplained } from './captures/flow-unexplained';
import { rule as cniConfMissing } from './cni/cni-conf-missing';
import { rule as cniDnsServer } from './cni/cni-dns-server';
import { rule as cniDnsSuffix } from './cni/cni-dns-suffix';
import { rule as cniExcBadcidr } from './cni/cni-exc-badcidr';
import { rule as cniExcMgmt } from './cni/cni-exc-mgmt';
import { rule as cniExcPod } from './cni/cni-exc-pod';
import { rule as cniExcSchema } from './cni/cni-exc-schema';
import { rule as cniExcSvc } from './cni/cni-exc-svc';
import { rule as cniExcZero } from './cni/cni-exc-zero';
import { rule as cniFlBackend } from './cni/cni-fl-backend';
import { rule as cniJson } from './cni/cni-json';
import { rule as cniNameHns } from './cni/cni-name-hns';
import { rule as cniNatMissing } from './cni/cni-nat-missing';
import { rule as cniRouteHost } from './cni/cni-route-host';
import { rule as cniRouteSvc } from './cni/cni-route-svc';
import { rule as cniSrcvipStale } from './cni/cni-srcvip-stale';
import { rule as ctBaseImage } from './connectivity/ct-base-image';
import { rule as ctHostSvcVip } from './connectivity/ct-host-svc-vip';
import { rule as ctLocalPods } from './connectivity/ct-local-pods';
import { rule as ctNodeToPod } from './connectivity/ct-node-to-pod';
import { rule as ctPodInternet } from './connectivity/ct-pod-internet';
import { rule as ctPodIpMatch } from './connectivity/ct-pod-ip-match';
import { rule as ctPodPodLocal } from './connectivity/ct-pod-pod-local';
import { rule as ctPodPodRemote } from './connectivity/ct-pod-pod-remote';
import { rule as ctPodSvcVip } from './connectivity/ct-pod-svc-vip';
import { rule as ctRemotePod } from './connectivity/ct-remote-pod';
import { rule as ctRolloutStalled } from './connectivity/ct-rollout-stalled';
import { rule as dnsBothBad } from './dns/dns-both-bad';
import { rule as dnsDirectOkVipBad } from './dns/dns-direct-ok-vip-bad';
import { rule as dnsExternalOnly } from './dns/dns-external-only';
import { rule as dnsLbBackends } from './dns/dns-lb-backends';
import { rule as dnsLbHealth } from './dns/dns-lb-health';
import { rule as dnsLbMissing } from './dns/dns-lb-missing';
import { rule as dnsNicServer } from './dns/dns-nic-server';
import { rule as dnsNicSuffix } from './dns/dns-nic-suffix';
import { rule as dnsSuffix3way } from './dns/dns-suffix-3way';
import { rule as evContainercreating } from './events/ev-containercreating';
import { rule as evHresult } from './events/ev-hresult';
import { rule as evNodeNotready } from './events/ev-node-notready';
import { rule as evPauseOsMismatch } from './events/ev-pause-os-mismatch';
import { rule as evSandboxFailed } from './events/ev-sandbox-failed';
import { rule as hnsDynrange } from './hns/hns-dynrange';
import { rule as hnsEncapOverhead } from './hns/hns-encap-overhead';
import { rule as hnsEpBridge } from './hns/hns-ep-bridge';
import { rule as hnsEpDns } from './hns/hns-ep-dns';
import { rule as hnsEpDupIp } from './hns/hns-ep-dup-ip';
import { rule as hnsEpGateway } from './hns/hns-ep-gateway';
import { rule as hnsEpNoVnic } from './hns/hns-ep-no-vnic';
import { rule as hnsEpPolicyDrift } from './hns/hns-ep-policy-drift';
import { rule as hnsEpState } from './hns/hns-ep-state';
import { rule as hnsExclNodeport } from './hns/hns-excl-nodeport';
import { rule as hnsNetExternal } from './hns/hns-net-external';
import { rule as hnsNetHealth } from './hns/hns-net-health';
import { rule as hnsNetMissing } from './hns/hns-net-missing';
import { rule as hnsNetType } from './hns/hns-net-type';
import { rule as hnsOrphanLbEndpoint } from './hns/hns-orphan-lb-endpoint';
import { rule as hnsPortpool } from './hns/hns-portpool';
import { rule as inL2bCloud } from './inter-node/in-l2b-cloud';
import { rule as inL2bRouteMissing } from './inter-node/in-l2b-route-missing';
import { rule as inL2bRouteNexthop } from './inter-node/in-l2b-route-nexthop';
import { rule as inL2rewrite } from './inter-node/in-l2rewrite';
import { rule as inOvlEncapSrc } from './inter-node/in-ovl-encap-src';
import { rule as inOvlRsrDrmac } from './inter-node/in-ovl-rsr-drmac';
import { rule as inOvlRsrMissing } from './inter-node/in-ovl-rsr-missing';
import { rule as inOvlRsrPa } from './inter-node/in-ovl-rsr-pa';
import { rule as inOvlRsrVni } from './inter-node/in-ovl-rsr-vni';
import { rule as inOvlVfpDrift } from './inter-node/in-ovl-vfp-drift';
import { rule as logFlLease } from './logs/log-fl-lease';
import { rule as logHnsEvent } from './logs/log-hns-event';
import { rule as logHresult } from './logs/log-hresult';
import { rule as logKpExit } from './logs/log-kp-exit';
import { rule as logKpHostname } from './logs/log-kp-hostname';
import { rule as logKpPortExists } from './logs/log-kp-port-exists';
import { rule as logMissing } from './logs/log-missing';
import { rule as logStale } from './logs/log-stale';
import { rule as outExc3way } from './outbound/out-exc-3way';
import { rule as outGwL2b } from './outbound/out-gw-l2b';
import { rule as outGwOvl } from './outbound/out-gw-ovl';
import { rule as outIpConsistent } from './outbound/out-ip-consistent';
import { rule as outNatEp } from './outbound/out-nat-ep';
import { rule as outNatVfp } from './outbound/out-nat-vfp';
import { rule as outNic } from './outbound/out-nic';
import { rule as outQuadzero } from './outbound/out-quadzero';
import { rule as outWinnat } from './outbound/out-winnat';
import { rule as svcDipReach } from './services/svc-dip-reach';
import { rule as svcLbMissing } from './services/svc-lb-missing';
import { rule as svcNodeportNolb } from './services/svc-nodeport-nolb';
import { rule as svcVfp3way } from './services/svc-vfp-3way';
import { rule as svcVfpLbMissing } from './services/svc-vfp-lb-missing';
import { rule as svcVfpNodeport } from './services/svc-vfp-nodeport';
import { rule as sysCniAgentRunning } from './system/sys-cni-agent-running';
import { rule as sysContainersFeature } from './system/sys-containers-feature';
import { rule as sysDepServices } from './system/sys-dep-services';
import { rule as sysHnsCrash } from './system/sys-hns-crash';
import { rule as sysHnsFeatureGap } from './system/sys-hns-feature-gap';
import { rule as sysHnsMemory } from './system/sys-hns-memory';
import { rule as sysHnsRunning } from './system/sys-hns-running';
import { rule as sysHnsThreads } from './system/sys-hns-threads';
import { rule as sysIpv6Disabled } from './system/sys-ipv6-disabled';
import { rule as sysKubeSkew } from './system/sys-kube-skew';
import { rule as sysKubeletCount } from './system/sys-kubelet-count';
import { rule as sysKubeproxyCount } from './system/sys-kubeproxy-count';
import { rule as sysOsBuild } from './system/sys-os-build';
import { rule as sysPatchFloor } from './system/sys-patch-floor';
import { rule as sysPatchSkew } from './system/sys-patch-skew';
import { rule as sysProxyRegression } from './system/sys-proxy-regression';
import { rule as sysRuntimeRunning } from './system/sys-runtime-running';
import { rule as sysRuntimeVersion } from './system/sys-runtime-version';
import { rule as sysSvcStarttype } from './system/sys-svc-starttype';
import { rule as sysVfpextRunning } from './system/sys-vfpext-running';
import { rule as vfpDupRules } from './vfp/vfp-dup-rules';
import { rule as vfpEncapOverlap } from './vfp/vfp-encap-overlap';
import { rule as vfpLayers } from './vfp/vfp-layers';
import { rule as vfpPortBlocked } from './vfp/vfp-port-blocked';
import { rule as vfpPortMissing } from './vfp/vfp-port-missing';
import { rule as vfpRuleShadowed } from './vfp/vfp-rule-shadowed';

// Made by `npm run rules` from the files of this folder; do not edit.
const ALL: readonly Rule[] = [
  capDropListener,
  capDropMac,
  capDropMtu,
  capDropPolicy,
  capDropPort,
  capDropRoute,
  capDropVlan,
  capDropVsid,
  capExtMissing,
  capNoPackets,
  capTrunc,
  capWrap,
  cntAsym,
  cntDrops,
  cntTcp,
  flowNoState,
  flowPodNet,
  flowPodPodL2b,
  flowPodPodOvl,
  flowPodSvc,
  flowUnexplained,
  cniConfMissing,
  cniDnsServer,
  cniDnsSuffix,
  cniExcBadcidr,
  cniExcMgmt,
  cniExcPod,
  cniExcSchema,
  cniExcSvc,
  cniExcZero,
  cniFlBackend,
  cniJson,
  cniNameHns,
  cniNatMissing,
  cniRouteHost,
  cniRouteSvc,
  cniSrcvipStale,
  ctBaseImage,
  ctHostSvcVip,
  ctLocalPods,
  ctNodeToPod,
  ctPodInternet,
  ctPodIpMatch,
  ctPodPodLocal,
  ctPodPodRemote,
  ctPodSvcVip,
  ctRemotePod,
  ctRolloutStalled,
  dnsBothBad,
  dnsDirectOkVipBad,
  dnsExternalOnly,
  dnsLbBackends,
  dnsLbHealth,
  dnsLbMissing,
  dnsNicServer,
  dnsNicSuffix,
  dnsSuffix3way,
  evContainercreating,
  evHresult,
  evNodeNotready,
  evPauseOsMismatch,
  evSandboxFailed,
  hnsDynrange,
  hnsEncapOverhead,
  hnsEpBridge,
  hnsEpDns,
  hnsEpDupIp,
  hnsEpGateway,
  hnsEpNoVnic,
  hnsEpPolicyDrift,
  hnsEpState,
  hnsExclNodeport,
  hnsNetExternal,
  hnsNetHealth,
  hnsNetMissing,
  hnsNetType,
  hnsOrphanLbEndpoint,
  hnsPortpool,
  inL2bCloud,
  inL2bRouteMissing,
  inL2bRouteNexthop,
  inL2rewrite,
  inOvlEncapSrc,
  inOvlRsrDrmac,
  inOvlRsrMissing,
  inOvlRsrPa,
  inOvlRsrVni,
  inOvlVfpDrift,
  logFlLease,
  logHnsEvent,
  logHresult,
  logKpExit,
  logKpHostname,
  logKpPortExists,
  logMissing,
  logStale,
  outExc3way,
  outGwL2b,
  outGwOvl,
  outIpConsistent,
  outNatEp,
  outNatVfp,
  outNic,
  outQuadzero,
  outWinnat,
  svcDipReach,
  svcLbMissing,
  svcNodeportNolb,
  svcVfp3way,
  svcVfpLbMissing,
  svcVfpNodeport,
  sysCniAgentRunning,
  sysContainersFeature,
  sysDepServices,
  sysHnsCrash,
  sysHnsFeatureGap,
  sysHnsMemory,
  sysHnsRunning,
  sysHnsThreads,
  sysIpv6Disabled,
  sysKubeSkew,
  sysKubeletCount,
  sysKubeproxyCount,
  sysOsBuild,
  sysPatchFloor,
  sysPatchSkew,
  sysProxyRegression,
  sysRuntimeRunning,
  sysRuntimeVersion,
  sysSvcStarttype,
  sysVfpextRunning,
  vfpDupRules,
  vfpEncapOverlap,
  vfpLayers,
  vfpPortBlocked,
  vfpPortMissing,
  vfpRuleShadowed,
];

/** Every rule, in the order of the steps. */
export const RULES: readonly Rule[] = [...ALL].sort((a, b) => a.meta.step - b.meta.step);
