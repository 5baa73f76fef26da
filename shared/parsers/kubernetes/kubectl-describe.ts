import type { Facts } from '../../model/facts';
import type { KubeEvent, KubeNode, KubePod, KubeService } from '../../model/kubernetes';
import { LineAccount, pastedLines } from '../line-account';
import type { Parser } from '../parser';
import { promptAt } from '../powershell/prompt';
import type { TextLine } from '../text-line';
import { isBlank } from '../text-line';
import { describedNode, describedPod, describedService } from './describe-objects';
import { describedEvent } from './describe-events';
import type { Described } from './described';
import { readDescribed } from './described';

const FIELD = /^[A-Z][\w ()-]*:(?:\s|$)/;
const EVENTS = /^Events:/;

/** Is this line the first of a described object? */
const isStart = (text: string): boolean => /^Name:\s+\S/.test(text);

/**
 * Output of `kubectl describe` for pods, nodes and services, one object after another, whole or only
 * its events. Objects of other kinds give their events.
 */
export const kubectlDescribeParser: Parser = {
  kind: 'kubectl-describe',
  title: 'Description of Kubernetes objects (kubectl describe)',
  command: 'kubectl describe pod <pod>',
  recognise: (region, head) => {
    const fields = head.filter((line) => FIELD.test(line)).length;
    const rows = head.filter(
      (line) => /^\s/.test(line) && describedEvent(line) !== undefined,
    ).length;
    if (rows > 0) return 88;
    if (
      head.some(isStart) &&
      head.some((l) => /^(?:Namespace|Labels|Annotations|Selector|Roles):/.test(l))
    )
      return 90;
    if (head.some((line) => EVENTS.test(line)) && fields > 0) return 70;
    return head.length === 0 && /describe/i.test(region.file.path) ? 30 : 0;
  },
  parse: (region) => {
    const account = new LineAccount(region);
    const reading = new DescribeReading(account);
    for (const block of blocksOf(pastedLines(region))) reading.block(block);
    return account.result(...reading.facts());
  },
};

/** Cuts the lines at prompts and at the start of each object. */
function blocksOf(lines: readonly TextLine[]): TextLine[][] {
  const blocks: TextLine[][] = [];
  let current: TextLine[] = [];
  for (const line of lines) {
    const prompt = promptAt(line.text);
    if (prompt || isStart(line.text)) {
      blocks.push(current);
      current = [];
    }
    if (!prompt) current.push(line);
    else if (/^kubectl(?:\.exe)?\s+describe/i.test(prompt.command)) blocks.push([line]);
  }
  blocks.push(current);
  return blocks.filter((block) => block.length > 0);
}

class DescribeReading {
  private readonly pods: KubePod[] = [];
  private readonly nodes: KubeNode[] = [];
  private readonly services: KubeService[] = [];
  private readonly events: KubeEvent[] = [];

  constructor(private readonly account: LineAccount) {}

  block(lines: readonly TextLine[]): void {
    const [first] = lines;
    if (first && promptAt(first.text)) {
      this.account.claim(first.n);
      return;
    }
    const eventsAt = this.eventsStart(lines);
    const body = lines.slice(0, eventsAt);
    const object = body.some(({ text }) => isStart(text)) ? this.object(body) : undefined;
    this.readEvents(lines.slice(eventsAt), object);
  }

  /** Index of the `Events:` line, or of the first event row of a piece cut from the middle. */
  private eventsStart(lines: readonly TextLine[]): number {
    const heading = lines.findIndex(({ text }) => EVENTS.test(text));
    if (heading !== -1) return heading;
    const row = lines.findIndex(({ text }) => describedEvent(text) !== undefined);
    return row === -1 ? lines.length : row;
  }

  private object(lines: readonly TextLine[]): Described {
    const described = readDescribed(lines, this.account);
    if (described.kind === 'pod') this.pods.push(describedPod(described));
    else if (described.kind === 'node') this.nodes.push(describedNode(described));
    else if (described.kind === 'service') this.services.push(describedService(described));
    else this.account.note('info', 'an object of a kind that no check uses', lines[0]?.n ?? 1);
    return described;
  }

  private readEvents(lines: readonly TextLine[], object: Described | undefined): void {
    let open = false;
    let afterBlank = false;
    for (const { n, text } of lines) {
      if (isBlank(text)) {
        afterBlank = true;
        continue;
      }
      const event = describedEvent(text);
      if (event) {
        this.account.claim(n);
        this.events.push({
          ...event,
          objectKind: object && KINDS[object.kind],
          objectName: object?.name,
          namespace: object?.namespace,
          evidence: [this.account.at(n)],
        });
        open = true;
      } else if (EVENTS.test(text) || /^\s*(?:Type|FirstSeen)\s+\w+|^\s*-{3,}\s+-{3,}/.test(text)) {
        this.account.claim(n);
      } else if (open && !afterBlank) this.continueMessage(n, text);
      else open = false;
      afterBlank = false;
    }
  }

  /** A message may hold line breaks: what is no row goes on with the message before it. */
  private continueMessage(n: number, text: string): void {
    const last = this.events.pop();
    const [at] = last?.evidence ?? [];
    if (!last || !at) return;
    this.account.claim(n);
    this.events.push({
      ...last,
      message: `${last.message}\n${text}`,
      evidence: [{ ...at, endLine: n }],
    });
  }

  facts(): Facts[] {
    const facts: Facts[] = [];
    if (this.pods.length > 0) facts.push({ kind: 'kube-pods', items: this.pods, complete: false });
    if (this.nodes.length > 0)
      facts.push({ kind: 'kube-nodes', items: this.nodes, complete: false });
    if (this.services.length > 0) {
      facts.push({ kind: 'kube-services', items: this.services, complete: false });
    }
    if (this.events.length > 0) facts.push({ kind: 'kube-events', items: this.events });
    return facts;
  }
}

const KINDS: Readonly<Record<Described['kind'], string | undefined>> = {
  pod: 'Pod',
  node: 'Node',
  service: 'Service',
  other: undefined,
};
