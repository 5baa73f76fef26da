import type { ReactElement } from 'react';
import { Icon } from '../controls/icons';
import { MiddleCut } from '../controls/middle-cut';
import { objectData } from '../controls/object-data';
import { StatusMark } from '../controls/status-mark';
import type { GraphView } from './graph-view';

export type GraphNode = GraphView['nodes'][number];

const kindWords: Readonly<Record<GraphNode['kind'], string>> = {
  network: 'Network',
  'remote-group': 'Endpoints on other nodes',
  'load-balancer': 'Load balancer',
  'load-balancer-group': 'Group',
  endpoint: 'Endpoint',
  'endpoint-group': 'Group',
  'remote-endpoint': 'Remote endpoint',
  'missing-endpoint': 'Endpoint',
  compartment: 'Compartment',
  'column-title': '',
};

/** How a node is read out. */
export function nodeName(node: GraphNode): string {
  const tone = node.tone === 'error' ? ', broken' : node.tone === 'warning' ? ', doubtful' : '';
  const sub = node.sublabel === undefined ? '' : `, ${node.sublabel}`;
  return `${kindWords[node.kind]} ${node.label}${sub}${tone}`;
}

/** True for a node that stands for several objects and can be opened. */
export const isGroup = (node: GraphNode): boolean =>
  node.kind === 'endpoint-group' || node.kind === 'load-balancer-group';

const headHeight = 26;

/** One object of the graph. A network or remote group is only its head; its box lies below. */
export function GraphNodeBox({
  id,
  node,
  selected,
  active,
  onPress,
  onOpen,
}: {
  id: string;
  node: GraphNode;
  selected: boolean;
  active: boolean;
  onPress: () => void;
  onOpen: () => void;
}): ReactElement {
  const isBox = node.kind === 'network' || node.kind === 'remote-group';
  return (
    <div
      id={id}
      role="option"
      aria-selected={selected}
      aria-label={nodeName(node)}
      title={[node.label, node.sublabel, isGroup(node) ? 'Press to open' : undefined]
        .filter((line) => line !== undefined)
        .join('\n')}
      className={`graph-node ${node.kind} ${node.tone} ${active ? 'active' : ''}`}
      style={{
        left: node.x - node.w / 2 + (isBox ? 8 : 0),
        top: node.y - node.h / 2,
        width: isBox ? node.w - 16 : node.w,
        height: isBox ? headHeight : node.h,
      }}
      {...(node.ref === undefined ? {} : objectData({ ref: node.ref }))}
      onClick={({ detail }) => {
        // The second click of two may fall on what the first one has brought here.
        if (detail < 2) onPress();
      }}
      onDoubleClick={onOpen}
    >
      <Mark node={node} />
      <span className="text">
        <span>
          {node.kind === 'load-balancer' ? (
            // Which port of an address it is must stay to be read.
            <MiddleCut text={node.label} at={node.label.lastIndexOf(':')} />
          ) : (
            node.label
          )}
        </span>
        {node.sublabel === undefined ? null : <span className="sub">{node.sublabel}</span>}
      </span>
      {isGroup(node) ? <Icon name="down" size={12} /> : null}
    </div>
  );
}

function Mark({ node }: { node: GraphNode }): ReactElement | null {
  if (node.tone === 'error' || node.tone === 'warning') {
    return <StatusMark status={node.tone} size={11} />;
  }
  return node.tone === 'ok' ? <span className="dot" /> : null;
}
