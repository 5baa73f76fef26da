import type { ReactElement } from 'react';
import { Radio, RadioGroup } from 'react-aria-components';
import type { EvidenceProposal } from '../../shared/ipc/case-schemas';
import { counted } from '../controls/text';
import type { Target } from './targets';

/** One piece of evidence: recognised as what, its first lines, and where it goes. */
export function ProposalCard({
  proposal,
  target,
  nodes,
  nodeOnScreen,
  onTarget,
}: {
  proposal: EvidenceProposal;
  target: Target;
  nodes: readonly string[];
  nodeOnScreen: string;
  onTarget: (target: Target) => void;
}): ReactElement {
  const names = [...new Set([nodeOnScreen, ...nodes])];
  const choose = (key: string): void => {
    if (key === 'cluster') onTarget({ kind: 'cluster' });
    else if (key === 'new') onTarget({ kind: 'new-node', name: proposal.suggestedNode ?? '' });
    else onTarget({ kind: 'node', node: key.slice('node '.length) });
  };
  const chosen =
    target.kind === 'node' ? `node ${target.node}` : target.kind === 'cluster' ? 'cluster' : 'new';
  return (
    <section className="card proposal" aria-label={proposal.name}>
      <div>
        <h3>{proposal.recognised}</h3>
        <p className="dim">
          {proposal.name} · {counted(proposal.lines, 'line')}
        </p>
      </div>
      <pre className="preview" tabIndex={0} aria-label="First lines">
        {proposal.preview.join('\n')}
      </pre>
      <div className="targets">
        <RadioGroup aria-label="Where it belongs" value={chosen} onChange={choose}>
          {names.slice(0, 8).map((name) => (
            <Radio key={name} value={`node ${name}`} className="radio">
              {name === nodeOnScreen ? `This node, ${name}` : `Node ${name}`}
            </Radio>
          ))}
          <Radio value="new" className="radio">
            A new node
          </Radio>
          <Radio value="cluster" className="radio">
            Cluster-wide
          </Radio>
        </RadioGroup>
        {target.kind === 'new-node' ? (
          <span className="field">
            <input
              aria-label="Name of the new node"
              placeholder="Name of the node"
              value={target.name}
              onChange={(event) => onTarget({ kind: 'new-node', name: event.target.value })}
            />
          </span>
        ) : null}
        <p className="dim">{proposal.reason}</p>
      </div>
    </section>
  );
}
