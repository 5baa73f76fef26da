import type { CniConfig, CniPlugin, ConfigProblem } from '../../model/cni';
import type { JsonDocument, JsonValue } from '../json-tree';
import { booleanOf, itemsOf, keysOf, member, numberOf } from '../json-tree';
import { LineAccount } from '../line-account';
import type { Parser, Region } from '../parser';
import { cniPolicy } from './cni-policy';
import type { ConfigText } from './config-text';
import {
  claimDocument,
  documentProblems,
  evidenceOf,
  placedText,
  readConfigText,
  unreadableConfig,
} from './config-text';
import { isLinuxByName, isLinuxCniConf } from './linux-cni-conf';

const CONF_NAME = /\.conf(?:list)?(?:\.txt)?$/i;
const CNI_PATH =
  /(?:^|[\\/])[^\\/]*cni[^\\/]*[\\/]|cni[^\\/]*$|flannel|azure|calico|l2bridge|antrea/i;

/** Is this JSON value a CNI network configuration (conf: one plugin; conflist: `plugins`)? */
export function isCniConfig(root: JsonValue): boolean {
  const keys = keysOf(root);
  if (keys.has('plugins')) return keys.has('name') || keys.has('cniversion');
  if (!keys.has('type')) {
    // A type that was forgotten; sourceVipRequest.json has no type either, but no policies.
    return ['delegate', 'policies', 'additionalargs'].some((key) => keys.has(key));
  }
  return keys.has('cniversion') || keys.has('delegate') || (keys.has('ipam') && keys.has('name'));
}

/**
 * A CNI configuration of the node (CNI specification, "Network configuration format"): flannel with
 * win-bridge or win-overlay, sdnbridge and sdnoverlay, azure-vnet, calico, wincni. A file that names
 * itself one and is no JSON is kept as a configuration with its problems.
 */
export const cniConfigParser: Parser = {
  kind: 'cni-config',
  title: 'CNI configuration of the node',
  command: 'Get-Content C:\\k\\cni\\config\\*.conf*',
  recognise: (region, head) => {
    const name = region.file.path;
    const named = CONF_NAME.test(name) && CNI_PATH.test(name);
    if (head.length === 0) return named ? 40 : 0;
    const text = head.join('\n');
    if (
      /"plugins"\s*:|"type"\s*:\s*"(?:flannel|win-|sdn|azure-vnet|calico|wincni|l2bridge|overlay|nat|antrea|vpc)/i.test(
        text,
      ) &&
      /"cniVersion"\s*:|"delegate"\s*:/i.test(text)
    )
      return 92;
    if (/"cniVersion"\s*:/i.test(text)) return 70;
    return named && !/^\s*\[?\w+\]?\s*=/m.test(text) ? 40 : 0;
  },
  parse: (region) => {
    const account = new LineAccount(region);
    const text = readConfigText(region);
    const configs = text.documents
      .filter(({ root }) => isCniConfig(root) && !isLinuxCniConf(root))
      .filter(({ root, complete }) => complete || !isLinuxByName(region.file.path, root))
      .map((document) => configOf(document, text, account));
    if (configs.length === 0) configs.push(...asUnreadable(region, text, account));
    if (configs.length === 0) return account.result();
    return account.result({ kind: 'cni-configs', items: configs });
  },
};

function configOf(document: JsonDocument, text: ConfigText, account: LineAccount): CniConfig {
  const { root } = document;
  const evidence = account.at(document.line, document.endLine);
  const file = evidence.file;
  const trailing = claimDocument(account, text, document);
  const plugins = member(root, 'plugins');
  const found = plugins ? itemsOf(plugins) : [root];
  return {
    file,
    name: placedText(member(root, 'name'), file),
    cniVersion: placedText(member(root, 'cniversion'), file),
    plugins: found.filter(({ kind }) => kind === 'object').map((plugin) => pluginOf(plugin, file)),
    problems: [...text.problems, ...documentProblems(document, file), ...trailing].sort(
      (a, b) => a.evidence.line - b.evidence.line,
    ),
    // A brace that stands at the margin ends the file as its writer meant it: another is missing inside.
    cut: !document.complete && !/^\}\s*$/.test(lastLine(text)),
    evidence: [evidence],
  };
}

const lastLine = ({ lines }: ConfigText): string =>
  lines.findLast(({ text }) => text.trim() !== '')?.text ?? '';

/** A file called `*.conf` in a CNI folder whose text holds no JSON value: the runtime cannot read it either. */
function asUnreadable(region: Region, text: ConfigText, account: LineAccount): CniConfig[] {
  const path = region.file.path;
  const { file } = region;
  const outside = [
    ...file.lines(1, region.line - 1),
    ...file.lines(region.endLine + 1, file.lineCount),
  ];
  const whole = outside.every((line) => line.trim() === '');
  if (!whole || text.documents.length > 0 || !CONF_NAME.test(path) || !CNI_PATH.test(path))
    return [];
  const first = text.lines.find(({ text: line }) => line.trim() !== '' && !/^\s*#/.test(line));
  if (!first || !text.lines.some(({ text: line }) => /^\s*"[\w.]+"\s*:/.test(line))) return [];
  const evidence = account.at(region.line, region.endLine);
  const problem: ConfigProblem = {
    message: 'the text is not a JSON object: it must start with {',
    column: first.text.length - first.text.trimStart().length + 1,
    evidence: account.at(first.n),
  };
  account.skip('the file is not JSON; nothing of it could be read', region.line, region.endLine);
  return [unreadableConfig(path, [...text.problems, problem], evidence)];
}

function pluginOf(plugin: JsonValue, file: string): CniPlugin {
  const delegate = member(plugin, 'delegate');
  const levels = delegate ? [plugin, delegate] : [plugin];
  const first = (...names: readonly string[]): JsonValue | undefined =>
    levels.map((level) => member(level, ...names)).find((value) => value !== undefined);
  const dns = (name: string): JsonValue[] =>
    levels.flatMap((level) => [...itemsOf(member(member(level, 'dns'), name))]);
  const ipam = first('ipam');
  const ranges = member(ipam, 'ranges');
  const subnet = member(ipam, 'subnet') ?? member(itemsOf(itemsOf(ranges)[0])[0], 'subnet');
  const flags = levels.map((level) => member(level, 'optionalflags'));
  const loopback =
    first('loopbackdsr') ?? flags.map((f) => member(f, 'loopbackdsr')).find((v) => v !== undefined);
  const capabilities = first('capabilities');
  const apiVersion = first('apiversion');
  const version = numberOf(apiVersion);
  return {
    type: placedText(member(plugin, 'type'), file),
    delegateType: placedText(member(delegate, 'type'), file),
    apiVersion:
      apiVersion && version !== undefined
        ? { value: version, evidence: evidenceOf(apiVersion, file) }
        : undefined,
    policies: levels.flatMap((level) =>
      ['policies', 'additionalargs', 'hcnpolicyargs'].flatMap((name) =>
        itemsOf(member(level, name)).flatMap((element) => cniPolicy(element, file) ?? []),
      ),
    ),
    dnsServers: dns('nameservers').flatMap((value) => placedText(value, file) ?? []),
    dnsSearch: dns('search').flatMap((value) => placedText(value, file) ?? []),
    ipamType: placedText(member(ipam, 'type'), file),
    ipamSubnet: placedText(subnet, file),
    loopbackDsr: placedBoolean(loopback, file),
    endpointMacPrefix: placedText(first('endpointmacprefix'), file),
    ipMasq: placedBoolean(first('ipmasq'), file),
    dnsCapability: booleanOf(member(capabilities, 'dns', 'dnscapabilities')) ?? false,
    evidence: evidenceOf(plugin, file),
  };
}

function placedBoolean(value: JsonValue | undefined, file: string): CniPlugin['loopbackDsr'] {
  const flag = booleanOf(value);
  return value && flag !== undefined
    ? { value: flag, evidence: evidenceOf(value, file) }
    : undefined;
}
