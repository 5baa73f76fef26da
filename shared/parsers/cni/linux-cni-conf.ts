import type { LinuxCniConf } from '../../model/cni';
import type { JsonDocument, JsonValue } from '../json-tree';
import { itemsOf, keysOf, member, textOf } from '../json-tree';
import { LineAccount } from '../line-account';
import type { Parser } from '../parser';
import { claimDocument, documentProblems, placedText, readConfigText } from './config-text';

const NAMED = /cni-conf[^\\/]*\.json/i;
/** Plugins that exist on Linux only. */
const LINUX_PLUGINS = /^(?:portmap|bridge|bandwidth|tuning|firewall|loopback|ptp|macvlan|ipvlan)$/i;
const WINDOWS_PLUGINS = /^(?:win-|sdn|azure-vnet|wincni|l2bridge|overlay|nat)/i;

/**
 * Is this flannel's cni-conf.json of the Linux nodes: a list with portmap, or a flannel delegate
 * with options that only the Linux bridge has?
 */
export function isLinuxCniConf(root: JsonValue): boolean {
  const plugins = pluginsOf(root);
  const types = plugins.flatMap((plugin) => typesOf(plugin));
  if (types.some((type) => WINDOWS_PLUGINS.test(type))) return false;
  if (types.some((type) => LINUX_PLUGINS.test(type))) return true;
  return plugins.some((plugin) => {
    const options = keysOf(member(plugin, 'delegate'));
    return options.has('hairpinmode') || options.has('isdefaultgateway');
  });
}

/** A cut text may have lost what tells the two apart; then `cni-conf.json` is what flannel calls the Linux one. */
export function isLinuxByName(path: string, root: JsonValue): boolean {
  const types = pluginsOf(root).flatMap((plugin) => typesOf(plugin));
  return NAMED.test(path) && !types.some((type) => WINDOWS_PLUGINS.test(type));
}

function pluginsOf(root: JsonValue): readonly JsonValue[] {
  const plugins = member(root, 'plugins');
  return plugins ? itemsOf(plugins) : [root];
}

function typesOf(plugin: JsonValue): string[] {
  return [member(plugin, 'type'), member(member(plugin, 'delegate'), 'type')].flatMap(
    (value) => textOf(value) ?? [],
  );
}

/** What is read of the Linux configuration: the network's name, which both sides must share, and the plugins. */
export function linuxCniConfOf(document: JsonDocument, file: string): LinuxCniConf {
  return {
    name: placedText(member(document.root, 'name'), file),
    types: pluginsOf(document.root).flatMap(
      (plugin) => placedText(member(plugin, 'type'), file) ?? [],
    ),
    problems: documentProblems(document, file),
    evidence: [{ file, line: document.line, endLine: document.endLine }],
  };
}

/** `cni-conf.json` of the flannel config map, as the Linux nodes use it. */
export const linuxCniConfParser: Parser = {
  kind: 'linux-cni-conf',
  title: 'CNI configuration of the Linux nodes (cni-conf.json)',
  command: 'kubectl -n kube-flannel get configmap kube-flannel-cfg -o json',
  recognise: (region, head) => {
    const named = NAMED.test(region.file.path);
    if (head.length === 0) return named ? 35 : 0;
    const text = head.join('\n');
    if (!/"type"\s*:/.test(text) || /"(?:type)"\s*:\s*"(?:win-|sdn)/i.test(text)) return 0;
    if (
      /"type"\s*:\s*"(?:portmap|bridge|bandwidth|tuning)"|"hairpinMode"|"isDefaultGateway"/i.test(
        text,
      )
    )
      return 95;
    return named && /"cniVersion"/.test(text) ? 60 : 0;
  },
  parse: (region) => {
    const account = new LineAccount(region);
    const text = readConfigText(region);
    const items = text.documents
      .filter(
        ({ root, complete }) =>
          isLinuxCniConf(root) || (!complete && isLinuxByName(region.file.path, root)),
      )
      .map((document) => {
        const trailing = claimDocument(account, text, document);
        const conf = linuxCniConfOf(document, region.file.path);
        return { ...conf, problems: [...text.problems, ...conf.problems, ...trailing] };
      });
    return items.length === 0
      ? account.result()
      : account.result({ kind: 'linux-cni-conf', items });
  },
};
