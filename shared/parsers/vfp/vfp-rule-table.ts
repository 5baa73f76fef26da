import { Column } from './vfp-bodies';

/** Marks "outside any group" in an unsigned column. */
export const NONE = 0xffffffff;

/** The output of one command: a run of rules that belong together. */
export interface Block {
  readonly port: number;
  readonly firstRule: number;
  endRule: number;
  complete: boolean;
  counted: boolean;
}

/** Where rules stand, in columns: no object per rule. `group` holds NONE outside any group. */
export class RuleTable {
  readonly port = new Column();
  readonly group = new Column();
  readonly line = new Column();
  readonly endLine = new Column();
  /** Last line without counters. */
  readonly contentEnd = new Column();
  readonly bodyId = new Column();
  readonly blocks: Block[] = [];
  #block: Block | undefined;

  get length(): number {
    return this.line.length;
  }

  get block(): Block | undefined {
    return this.#block;
  }

  /** The next rule begins a block of its own. */
  endBlock(): void {
    this.#block = undefined;
  }

  push(rule: {
    readonly port: number;
    readonly group: number;
    readonly line: number;
    readonly endLine: number;
    readonly contentEnd: number;
    readonly bodyId: number;
  }): void {
    const index = this.length;
    this.port.push(rule.port);
    this.group.push(rule.group < 0 ? NONE : rule.group);
    this.line.push(rule.line);
    this.endLine.push(rule.endLine);
    this.contentEnd.push(rule.contentEnd);
    this.bodyId.push(rule.bodyId);
    let block = this.#block;
    if (!block || block.port !== rule.port) {
      block = {
        port: rule.port,
        firstRule: index,
        endRule: index,
        complete: false,
        counted: false,
      };
      this.#block = block;
      this.blocks.push(block);
    }
    block.endRule = index + 1;
    if (rule.endLine > rule.contentEnd) block.counted = true;
  }
}
