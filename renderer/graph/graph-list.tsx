import type { ReactElement } from 'react';
import type { EntityLink } from '../../shared/ipc/finding-schemas';
import { LinkButton } from '../controls/button';
import { StatusMark } from '../controls/status-mark';
import { isGroup, type GraphNode } from './graph-node';
import type { GraphView } from './graph-view';

/** The graph in words: each object and what it leads to. */
export function GraphList({
  graph,
  onSelect,
  onOpenGroup,
}: {
  graph: GraphView;
  onSelect: (ref: EntityLink, reveal: boolean) => void;
  onOpenGroup: (id: string) => void;
}): ReactElement {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const listed = graph.nodes.filter(
    ({ kind }) => kind !== 'column-title' && kind !== 'remote-group',
  );
  const name = (node: GraphNode): ReactElement => {
    const { ref } = node;
    if (isGroup(node)) {
      return <LinkButton onPress={() => onOpenGroup(node.id)}>{node.label}</LinkButton>;
    }
    if (ref === undefined) return <>{node.label}</>;
    return <LinkButton onPress={() => onSelect(ref, true)}>{node.label}</LinkButton>;
  };
  return (
    <ul className="graph-list card grow" aria-label="HNS objects and what they lead to">
      {listed.map((node) => {
        const out = graph.edges.filter(({ source }) => source === node.id);
        return (
          <li key={node.id}>
            {node.tone === 'error' || node.tone === 'warning' ? (
              <StatusMark status={node.tone} size={10} label={node.tone} />
            ) : null}{' '}
            {name(node)} <span className="dim">{node.sublabel}</span>
            {out.length === 0 ? null : ' → '}
            {out.map((edge, index) => {
              const target = byId.get(edge.target);
              return target === undefined ? null : (
                <span key={edge.id}>
                  {index > 0 ? ', ' : ''}
                  {name(target)}
                  {edge.label === undefined ? '' : ` (${edge.label})`}
                </span>
              );
            })}
          </li>
        );
      })}
    </ul>
  );
}
