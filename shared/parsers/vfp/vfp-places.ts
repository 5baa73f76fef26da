import { guid } from '../../model/ids';
import type { VfpNatRange, VfpPortState } from '../../model/vfp';
import { readGroup, type GroupText, type LayerText } from './vfp-items';

/** A port while the dump is read. */
export interface PortDraft {
  readonly name: string;
  mac: string | undefined;
  portId: string | undefined;
  friendlyName: string | undefined;
  state: VfpPortState | undefined;
  readonly natRanges: VfpNatRange[];
  readonly verbs: { verb: string; ok: boolean; text: string; line: number }[];
  line: number;
  endLine: number;
}

export interface LayerDraft extends LayerText {
  readonly port: number;
  readonly line: number;
  readonly endLine: number;
}

export interface GroupDraft extends GroupText {
  readonly port: number;
  readonly layer: number;
  readonly line: number;
  readonly endLine: number;
}

const PORT = /\/port\s+["']?([^\s"'|/]+)/i;
const LAYER = /\/layer\s+["']?([^\s"'|/]+)/i;
const GROUP = /\/group\s+["']?([^\s"'|/]+)/i;

/**
 * Ports, layers and groups of a dump, and where reading stands. Several commands may list the same
 * port (list-layer, then list-rule): what has one name in one place is one.
 */
export class Places {
  readonly ports: PortDraft[] = [];
  readonly layers: LayerDraft[] = [];
  readonly groups: GroupDraft[] = [];
  readonly #portByName = new Map<string, number>();
  readonly #layerByKey = new Map<string, number>();
  readonly #groupByKey = new Map<string, number>();
  /** Where reading stands; -1 is nowhere. */
  port = -1;
  layer = -1;
  group = -1;

  get current(): PortDraft | undefined {
    return this.ports[this.port];
  }

  /** The port lines belong to, when none was named: a fragment. */
  needPort(line: number, endLine = line): void {
    if (this.port < 0) this.openPort('', line, endLine);
  }

  openPort(printed: string, line: number, endLine: number): void {
    const name = guid(printed) ?? printed;
    let port = this.#portByName.get(name);
    const known = port === undefined ? undefined : this.ports[port];
    if (port === undefined) {
      port = this.ports.length;
      this.#portByName.set(name, port);
      this.ports.push({
        name,
        mac: undefined,
        portId: undefined,
        friendlyName: undefined,
        state: undefined,
        natRanges: [],
        verbs: [],
        line,
        endLine,
      });
    } else if (known && known.verbs.length === 0 && known.endLine === known.line) {
      // Known from the port table only: its own part is the better place to point at.
      known.line = line;
      known.endLine = endLine;
    }
    this.port = port;
    this.leaveLayer();
  }

  leavePort(): void {
    this.port = -1;
    this.leaveLayer();
  }

  leaveLayer(): void {
    this.layer = -1;
    this.group = -1;
  }

  /** The port's part of the file reaches this line. */
  grow(line: number): void {
    const draft = this.current;
    if (draft && line > draft.endLine) draft.endLine = line;
  }

  enterLayer(text: LayerText, line: number, endLine: number): void {
    const draft = { ...text, port: this.port, line, endLine };
    const key = `${draft.port} ${draft.name}`;
    const known = this.#layerByKey.get(key);
    this.group = -1;
    if (known === undefined) {
      this.layer = this.layers.push(draft) - 1;
      this.#layerByKey.set(key, this.layer);
      return;
    }
    const before = this.layers[known];
    if (before?.priority === undefined && draft.priority !== undefined) this.layers[known] = draft;
    this.layer = known;
  }

  enterGroup(text: GroupText, line: number, endLine: number): void {
    const draft = { ...text, port: this.port, layer: this.layer, line, endLine };
    const plain = `${draft.port} ${draft.layer} ${draft.name}`;
    const first = this.groups[this.#groupByKey.get(plain) ?? -1];
    const opposed =
      first?.direction !== undefined &&
      draft.direction !== undefined &&
      first.direction !== draft.direction;
    const key = opposed ? `${plain} ${draft.direction ?? ''}` : plain;
    const known = this.#groupByKey.get(key);
    if (known === undefined) {
      this.group = this.groups.push(draft) - 1;
      this.#groupByKey.set(key, this.group);
      return;
    }
    const before = this.groups[known];
    if (before?.direction === undefined && draft.direction !== undefined) {
      this.groups[known] = draft;
    }
    this.group = known;
  }

  /** A typed command names port, layer and group; gives what it narrows the listing to. */
  enterCommand(text: string, line: number): { readonly verb: string; readonly limit: string } {
    const port = PORT.exec(text)?.[1];
    if (port !== undefined) this.openPort(port, line, line);
    const layer = LAYER.exec(text)?.[1];
    const group = GROUP.exec(text)?.[1];
    if (layer !== undefined) {
      this.needPort(line);
      this.enterLayer({ name: layer, priority: undefined, flags: '' }, line, line);
      if (group !== undefined) this.enterGroup({ ...readGroup([]), name: group }, line, line);
    }
    const verb = /\/((?:list|get|process|match)-[a-z-]+)/i.exec(text)?.[1]?.toLowerCase() ?? '';
    return { verb, limit: layer === undefined ? '' : ` /layer ${layer}` };
  }
}
