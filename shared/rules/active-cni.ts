import type { CniConfig, CniPlugin } from '../model/cni';
import type { NodeSnapshot } from '../snapshot/node-snapshot';

/** The configuration and the plugin that makes the pods' endpoints. */
export interface ActiveCni {
  readonly config: CniConfig;
  readonly plugin: CniPlugin;
  /** Type of the plugin that talks to HNS, lower case: the delegate under flannel. */
  readonly hnsPlugin: string;
}

const MAKES_ENDPOINTS =
  /^(win-(bridge|overlay)|sdn(bridge|overlay)|azure-vnet|calico|vpc-|wincni|l2bridge|overlay|nat$|antrea|ovn)/;

/**
 * The CNI configuration in effect: the runtime takes the first file by name. A leftover `nat`
 * configuration does not count where another one is there (a rule of its own speaks of it).
 */
export function activeCni(snapshot: NodeSnapshot): ActiveCni | undefined {
  const candidates = [...snapshot.cniConfigs]
    .sort((a, b) => baseName(a.file).localeCompare(baseName(b.file)))
    .flatMap((config) =>
      config.plugins.slice(0, 1).flatMap((plugin): ActiveCni[] => {
        const hnsPlugin = (plugin.delegateType ?? plugin.type)?.value.toLowerCase();
        return hnsPlugin === undefined || !MAKES_ENDPOINTS.test(hnsPlugin)
          ? []
          : [{ config, plugin, hnsPlugin }];
      }),
    );
  return candidates.find(({ hnsPlugin }) => hnsPlugin !== 'nat') ?? candidates[0];
}

const baseName = (path: string): string => path.split(/[/\\!]/).pop() ?? path;
