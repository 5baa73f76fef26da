import { useState, type ReactElement } from 'react';
import { Radio, RadioGroup } from 'react-aria-components';
import type { EvidenceProposal } from '../../shared/ipc/case-schemas';
import { counted } from '../controls/text';
import { likelyTarget, nodeNameOf, type Target } from './targets';

const words = (target: Target): string => {
  if (target.kind === 'cluster') return 'cluster-wide';
  return target.kind === 'node' ? `node ${target.node}` : `new node ${target.name}`;
};

/** Many pieces of evidence, a line each, with one choice for all of them. */
export function ProposalList({
  proposals,
  targets,
  nodeOnScreen,
  newNode,
  onTargets,
}: {
  proposals: readonly EvidenceProposal[];
  targets: ReadonlyMap<string, Target>;
  nodeOnScreen: string;
  /** Name of what was dropped, when that is likely a node of its own. */
  newNode: string | undefined;
  onTargets: (targets: ReadonlyMap<string, Target>) => void;
}): ReactElement {
  const [choice, setChoice] = useState(newNode === undefined ? 'suggested' : 'new');
  const [name, setName] = useState(newNode === undefined ? '' : nodeNameOf(newNode));
  const apply = (chosen: string, newName: string): void => {
    setChoice(chosen);
    setName(newName);
    const targetOf = (item: EvidenceProposal): Target => {
      if (chosen === 'node') return { kind: 'node', node: nodeOnScreen };
      if (chosen === 'new') return { kind: 'new-node', name: newName };
      if (chosen === 'cluster') return { kind: 'cluster' };
      return likelyTarget(item, nodeOnScreen);
    };
    onTargets(new Map(proposals.map((item) => [item.id, targetOf(item)])));
  };
  return (
    <section className="card proposal" aria-label={counted(proposals.length, 'item')}>
      <h3>{counted(proposals.length, 'item')}</h3>
      <ul className="preview proposal-list" tabIndex={0} aria-label="Items">
        {proposals.map((item) => (
          <li key={item.id}>
            {item.name}
            <span className="dim">
              {' '}
              · {item.recognised} ·{' '}
              {words(targets.get(item.id) ?? likelyTarget(item, nodeOnScreen))}
            </span>
          </li>
        ))}
      </ul>
      <div className="targets">
        <RadioGroup
          aria-label="Where they belong"
          value={choice}
          onChange={(next) => apply(next, name)}
        >
          <Radio value="suggested" className="radio">
            Each as suggested
          </Radio>
          <Radio value="node" className="radio">
            This node, {nodeOnScreen}
          </Radio>
          <Radio value="new" className="radio">
            A new node
          </Radio>
          <Radio value="cluster" className="radio">
            Cluster-wide
          </Radio>
        </RadioGroup>
        {choice === 'new' ? (
          <span className="field">
            <input
              aria-label="Name of the new node"
              placeholder="Name of the node"
              value={name}
              onChange={(event) => apply('new', event.target.value)}
            />
          </span>
        ) : null}
      </div>
    </section>
  );
}
