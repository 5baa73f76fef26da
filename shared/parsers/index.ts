import { cniConfigParser } from './cni/cni-config';
import { flannelNetConfParser } from './cni/flannel-net-conf';
import { linuxCniConfParser } from './cni/linux-cni-conf';
import { sourceVipParser } from './cni/source-vip';
import { subnetEnvParser } from './cni/subnet-env';
import { eventMessagesParser } from './kubernetes/event-messages';
import { kubectlDescribeParser } from './kubernetes/kubectl-describe';
import { kubectlJsonParser } from './kubernetes/kubectl-json';
import { kubectlTableParser } from './kubernetes/kubectl-table';
import { kubectlYamlParser } from './kubernetes/kubectl-yaml';
import { azureVnetParser } from './logs/azure-vnet';
import { calicoParser } from './logs/calico';
import { goStdLogParser } from './logs/go-std-log';
import { klogParser } from './logs/klog';
import { logrusParser } from './logs/logrus';
import { plainLogParser } from './logs/plain-log';
import { adapterStatisticsParser } from './adapter-statistics';
import { arpParser } from './arp';
import { collectionReportParser } from './collection-report';
import { collectionStartParser } from './collection-start';
import { componentVersionsParser } from './component-versions';
import { debugWindowsNodeParser } from './debug-windows-node';
import { dnsClientParser } from './dns-client';
import { dnsLookupParser } from './dns-lookup';
import { dynamicPortRangeParser } from './dynamic-port-range';
import { excludedPortRangeParser } from './excluded-port-range';
import { getNetIpAddressParser } from './get-netipaddress';
import { getNetIpInterfaceParser } from './get-netipinterface';
import { getNetNatParser } from './get-netnat';
import { getNetRouteParser } from './get-netroute';
import { hotfixesParser } from './hotfixes';
import { imagesParser } from './images';
import { ipconfigParser } from './ipconfig';
import { ipv6SettingParser } from './ipv6-setting';
import { netshInterfaceParametersParser } from './netsh-interface-parameters';
import { netshInterfacesParser } from './netsh-interfaces';
import { opaqueParsers } from './opaque-files';
import { packetMonitorComponentsParser } from './packet-monitor/components';
import { packetMonitorCountersParser } from './packet-monitor/counters';
import { packetMonitorLogParser } from './packet-monitor/log';
import { pesterParser } from './pester';
import { processesParser } from './processes';
import { reservedPortsParser } from './reserved-ports';
import { routePrintParser } from './route-print';
import { tcpConnectionsParser } from './tcp-connections';
import { windowsEventsParser } from './windows-events/windows-events';
import { windowsFeatureParser } from './windows-feature';
import { windowsServicesParser } from './windows-services';
import { wfpNetEventsParser } from './wfp-net-events';
import { winverParser } from './winver';
import { ctrContainersParser } from './hns/ctr-containers';
import { dockerPsParser } from './hns/docker-ps';
import { endpointStatisticsParser } from './hns/endpoint-statistics';
import { hcsdiagParser } from './hns/hcsdiag';
import { hnsJsonParser } from './hns/hns-json';
import { hnsListParser } from './hns/hns-list';
import { hnsTableParser } from './hns/hns-table';
import { hnsVersionParser } from './hns/hns-version';
import { hnsdiagParser } from './hns/hnsdiag';
import type { Parser } from './parser';
import { vfpOutput } from './vfp/vfp-output';
import { vswitchForwardingParser } from './vswitch-forwarding';
import { vswitchPortsParser } from './vswitch-ports';

/** All formats that can be read. Order settles ties of recognition only. */
export const PARSERS: readonly Parser[] = [
  kubectlTableParser,
  kubectlDescribeParser,
  kubectlJsonParser,
  kubectlYamlParser,
  eventMessagesParser,
  cniConfigParser,
  linuxCniConfParser,
  flannelNetConfParser,
  sourceVipParser,
  subnetEnvParser,
  klogParser,
  azureVnetParser,
  logrusParser,
  calicoParser,
  goStdLogParser,
  plainLogParser,
  hnsJsonParser,
  hnsListParser,
  hnsTableParser,
  hnsdiagParser,
  hcsdiagParser,
  dockerPsParser,
  ctrContainersParser,
  vfpOutput,
  vswitchPortsParser,
  vswitchForwardingParser,
  ipconfigParser,
  routePrintParser,
  getNetRouteParser,
  getNetIpAddressParser,
  getNetIpInterfaceParser,
  netshInterfacesParser,
  netshInterfaceParametersParser,
  excludedPortRangeParser,
  dynamicPortRangeParser,
  reservedPortsParser,
  arpParser,
  winverParser,
  windowsServicesParser,
  processesParser,
  windowsFeatureParser,
  componentVersionsParser,
  hotfixesParser,
  hnsVersionParser,
  endpointStatisticsParser,
  getNetNatParser,
  dnsClientParser,
  ipv6SettingParser,
  tcpConnectionsParser,
  adapterStatisticsParser,
  windowsEventsParser,
  imagesParser,
  debugWindowsNodeParser,
  pesterParser,
  dnsLookupParser,
  wfpNetEventsParser,
  packetMonitorLogParser,
  packetMonitorCountersParser,
  packetMonitorComponentsParser,
  collectionReportParser,
  collectionStartParser,
  ...opaqueParsers,
];
