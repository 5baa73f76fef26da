import { cniConfigParser } from './cni/cni-config';
import { flannelNetConfParser } from './cni/flannel-net-conf';
import { linuxCniConfParser } from './cni/linux-cni-conf';
import { sourceVipParser } from './cni/source-vip';
import { subnetEnvParser } from './cni/subnet-env';
import { azureVnetParser } from './logs/azure-vnet';
import { calicoParser } from './logs/calico';
import { goStdLogParser } from './logs/go-std-log';
import { klogParser } from './logs/klog';
import { logrusParser } from './logs/logrus';
import { plainLogParser } from './logs/plain-log';
import type { Parser } from './parser';

/** All formats that can be read. Order settles ties of recognition only. */
export const PARSERS: readonly Parser[] = [
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
];
