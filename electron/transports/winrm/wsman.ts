import { randomUUID } from 'node:crypto';
import { element, elements, escapeXml, readXml, type XmlElement } from './xml';

const SHELL = 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell';
const TRANSFER = 'http://schemas.xmlsoap.org/ws/2004/09/transfer';
const ADDRESSING = 'http://schemas.xmlsoap.org/ws/2004/08/addressing';

/** The long poll of Receive; nodes cut or refuse more than a minute. */
export const OPERATION_SECONDS = 20;
const ENVELOPE_BYTES = 512_000;

/** A command in a shell. */
export interface CommandId {
  readonly shell: string;
  readonly command: string;
}

/** A request to the remote shell of a node (MS-WSMV 3.1.4). */
export type ShellRequest =
  | { readonly kind: 'create' }
  | {
      readonly kind: 'command';
      readonly shell: string;
      readonly program: string;
      readonly arguments: readonly string[];
    }
  | {
      readonly kind: 'send';
      readonly of: CommandId;
      readonly bytes: Uint8Array;
      readonly last: boolean;
    }
  | { readonly kind: 'receive'; readonly of: CommandId }
  | { readonly kind: 'terminate'; readonly of: CommandId }
  | { readonly kind: 'delete'; readonly shell: string };

/** A piece of output; the end of the command with it, or without. */
export interface Received {
  readonly streams: readonly { readonly name: string; readonly bytes: Buffer }[];
  readonly done: boolean;
  readonly exitCode: number | undefined;
}

/** What a node answers when it does not do what it was asked. */
export interface WsmanFault {
  /** Number of a WSManFault; HRESULTs above 0x80000000 among them. */
  readonly code: number | undefined;
  /** `QuotaLimit`, `TimedOut`... */
  readonly subcode: string;
  readonly text: string;
}

/** The envelope of a request. `to` is the address of the service. */
export function envelope(to: string, request: ShellRequest): string {
  const { action, shell, options = [], body } = parts(request);
  const selector =
    shell === undefined
      ? ''
      : `<w:SelectorSet><w:Selector Name="ShellId">${escapeXml(shell)}</w:Selector></w:SelectorSet>`;
  const set = options.map(([name, value]) => `<w:Option Name="${name}">${value}</w:Option>`);
  return (
    `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="${ADDRESSING}"` +
    ' xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"' +
    ` xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd" xmlns:rsp="${SHELL}"><s:Header>` +
    `<a:To>${escapeXml(to)}</a:To>` +
    `<w:ResourceURI s:mustUnderstand="true">${SHELL}/cmd</w:ResourceURI>` +
    `<a:ReplyTo><a:Address s:mustUnderstand="true">${ADDRESSING}/role/anonymous</a:Address></a:ReplyTo>` +
    `<a:Action s:mustUnderstand="true">${action}</a:Action>` +
    `<w:MaxEnvelopeSize s:mustUnderstand="true">${ENVELOPE_BYTES}</w:MaxEnvelopeSize>` +
    `<a:MessageID>uuid:${randomUUID().toUpperCase()}</a:MessageID>` +
    '<w:Locale xml:lang="en-US" s:mustUnderstand="false"/><p:DataLocale xml:lang="en-US" s:mustUnderstand="false"/>' +
    `<w:OperationTimeout>PT${OPERATION_SECONDS}S</w:OperationTimeout>${selector}` +
    (set.length === 0 ? '' : `<w:OptionSet>${set.join('')}</w:OptionSet>`) +
    `</s:Header><s:Body>${body}</s:Body></s:Envelope>`
  );
}

interface Parts {
  readonly action: string;
  readonly shell?: string;
  readonly options?: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

function parts(request: ShellRequest): Parts {
  switch (request.kind) {
    case 'create':
      return {
        action: `${TRANSFER}/Create`,
        options: [
          ['WINRS_NOPROFILE', 'TRUE'],
          ['WINRS_CODEPAGE', '65001'],
        ],
        body: '<rsp:Shell><rsp:InputStreams>stdin</rsp:InputStreams><rsp:OutputStreams>stdout stderr</rsp:OutputStreams></rsp:Shell>',
      };
    case 'command': {
      const given = request.arguments.map(
        (each) => `<rsp:Arguments>${escapeXml(each)}</rsp:Arguments>`,
      );
      return {
        action: `${SHELL}/Command`,
        shell: request.shell,
        // A pipe, no console, and no cmd.exe in between: nothing is parsed twice or cut at 8191.
        options: [
          ['WINRS_CONSOLEMODE_STDIN', 'FALSE'],
          ['WINRS_SKIP_CMD_SHELL', 'TRUE'],
        ],
        body: `<rsp:CommandLine><rsp:Command>${escapeXml(request.program)}</rsp:Command>${given.join('')}</rsp:CommandLine>`,
      };
    }
    case 'send': {
      const end = request.last ? ' End="true"' : '';
      const code = Buffer.from(request.bytes).toString('base64');
      return {
        action: `${SHELL}/Send`,
        shell: request.of.shell,
        body: `<rsp:Send><rsp:Stream Name="stdin" CommandId="${escapeXml(request.of.command)}"${end}>${code}</rsp:Stream></rsp:Send>`,
      };
    }
    case 'receive':
      return {
        action: `${SHELL}/Receive`,
        shell: request.of.shell,
        body: `<rsp:Receive><rsp:DesiredStream CommandId="${escapeXml(request.of.command)}">stdout stderr</rsp:DesiredStream></rsp:Receive>`,
      };
    case 'terminate':
      return {
        action: `${SHELL}/Signal`,
        shell: request.of.shell,
        body: `<rsp:Signal CommandId="${escapeXml(request.of.command)}"><rsp:Code>${SHELL}/signal/terminate</rsp:Code></rsp:Signal>`,
      };
    case 'delete':
      return { action: `${TRANSFER}/Delete`, shell: request.shell, body: '' };
  }
}

/** The body of a reply, or its fault; undefined when it is no envelope. */
export function readReply(
  text: string,
):
  | { readonly kind: 'body'; readonly body: XmlElement }
  | { readonly kind: 'fault'; readonly fault: WsmanFault }
  | undefined {
  const root = readXml(text);
  const body = root?.children.find((each) => each.name === 'Body');
  if (root?.name !== 'Envelope' || body === undefined) return undefined;
  const fault = body.children.find((each) => each.name === 'Fault');
  return fault === undefined
    ? { kind: 'body', body }
    : { kind: 'fault', fault: { ...readFault(fault) } };
}

function readFault(fault: XmlElement): WsmanFault {
  const detail = element(fault, 'WSManFault');
  const code = detail?.attributes.get('Code');
  const subcode = element(fault, 'Subcode');
  const value = subcode === undefined ? '' : (element(subcode, 'Value')?.text.trim() ?? '');
  const reason = element(fault, 'Text')?.text ?? '';
  const message = detail === undefined ? undefined : element(detail, 'Message')?.text.trim();
  return {
    code: code === undefined || !/^\d{1,10}$/.test(code) ? undefined : Number(code),
    subcode: value.slice(value.indexOf(':') + 1),
    text: message === undefined || message === '' ? reason : message,
  };
}

/** Ids a node gave keep their case: they are sent back as they came. */
export const shellIdOf = (body: XmlElement): string | undefined =>
  element(body, 'ShellId')?.text.trim() ??
  [...elements(body, 'Selector')]
    .find((each) => each.attributes.get('Name') === 'ShellId')
    ?.text.trim();

export const commandIdOf = (body: XmlElement): string | undefined =>
  element(body, 'CommandId')?.text.trim();

export function readReceived(body: XmlElement): Received {
  const state = element(body, 'CommandState');
  const exit = state === undefined ? undefined : element(state, 'ExitCode')?.text.trim();
  return {
    streams: [...elements(body, 'Stream')]
      .map(({ attributes, text }) => ({
        name: attributes.get('Name') ?? '',
        bytes: Buffer.from(text, 'base64'),
      }))
      .filter(({ bytes }) => bytes.length > 0),
    done: state?.attributes.get('State')?.endsWith('/Done') === true,
    exitCode: exit === undefined || !/^-?\d+$/.test(exit) ? undefined : Number(exit),
  };
}
