import { useEffect, useState, type ReactElement } from 'react';
import type { EvidenceProposal } from '../../shared/ipc/case-schemas';
import { call, sentenceOf } from '../bridge/call';
import { Button } from '../controls/button';
import { Modal } from '../controls/modal';
import { counted } from '../controls/text';
import { openCase } from '../stores/case-actions';
import { useCase, useSnapshot } from '../stores/case';
import { closeDialog, type OpenDialog } from '../stores/dialogs';
import { addEvidence } from '../stores/evidence-actions';
import { callEvidence } from '../stores/evidence-calls';
import { ProposalCard } from './proposal-card';
import { ProposalList } from './proposal-list';
import { likelyTarget, nodeNameOf, type Target } from './targets';

/** More than these are shown as a list with one choice. */
const mostCards = 5;

type Opened = Extract<OpenDialog, { readonly kind: 'evidence' }>;

/** Adds pasted text or files to what is open: recognised as what, and where it belongs. */
export function EvidenceDialog({ opened }: { opened: Opened }): ReactElement {
  const { node } = useSnapshot();
  const nodes = useCase((state) => state.summary?.nodes ?? []);
  const [items, setItems] = useState<readonly EvidenceProposal[]>([]);
  const [targets, setTargets] = useState<ReadonlyMap<string, Target>>(new Map());
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  // A whole folder dropped on an open case is rather another node than more of this one.
  const newNode = opened.openInstead?.length === 1 ? opened.openInstead[0]?.name : undefined;
  const propose = async (offer: { text?: string; tokens?: string[] }): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const proposed = await callEvidence('evidence:propose', offer);
      const whole = newNode !== undefined && proposed.items.length > mostCards;
      const firstTarget = (item: EvidenceProposal): Target =>
        whole ? { kind: 'new-node', name: nodeNameOf(newNode) } : likelyTarget(item, node);
      setItems((before) => [...before, ...proposed.items]);
      setTargets(
        (before) =>
          new Map([
            ...before,
            ...proposed.items.map((item) => [item.id, firstTarget(item)] as const),
          ]),
      );
      setText('');
    } catch (error) {
      setProblem(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };
  useEffect(() => {
    if (opened.text !== undefined) void propose({ text: opened.text });
    else if (opened.tokens !== undefined) void propose({ tokens: [...opened.tokens] });
    // What was dropped or pasted is looked at once, when the dialog opens.
  }, [opened]);

  const chooseFiles = async (): Promise<void> => {
    const chosen = await call('app:choose', { what: 'evidence' });
    if (chosen.items.length > 0) await propose({ tokens: chosen.items.map(({ token }) => token) });
  };
  const add = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await addEvidence(
        items.map(({ id }) => ({ id, target: targets.get(id) ?? { kind: 'node', node } })),
      );
      closeDialog();
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  };
  const close = (): void => {
    // Nobody waits any more for what is being looked at.
    if (busy) void call('case:cancel', {}).catch(() => undefined);
    closeDialog();
  };
  const openInstead = (): void => {
    const known = opened.openInstead ?? [];
    close();
    void openCase(
      known.map(({ token }) => ({ kind: 'token', token })),
      known.map(({ name }) => name).join(', '),
    );
  };
  const unnamed = [...targets.values()].some(
    (target) => target.kind === 'new-node' && target.name.trim() === '',
  );

  return (
    <Modal
      title="Add evidence"
      look="wide"
      onClose={close}
      foot={
        <>
          {opened.openInstead === undefined ? null : (
            <Button look="quiet" onPress={openInstead}>
              Open as a new case instead
            </Button>
          )}
          <Button onPress={close}>Cancel</Button>
          {items.length === 0 ? null : (
            <Button look="primary" isDisabled={busy || unnamed} onPress={() => void add()}>
              {items.length > 1 ? `Add ${counted(items.length, 'item')}` : 'Add'}
            </Button>
          )}
        </>
      }
    >
      {problem === undefined ? null : (
        <p role="alert" className="tone-error">
          {problem}
        </p>
      )}
      {busy && items.length === 0 ? <p className="dim">Looking at it…</p> : null}
      {items.length > mostCards ? (
        <ProposalList
          proposals={items}
          targets={targets}
          nodeOnScreen={node}
          newNode={newNode}
          onTargets={setTargets}
        />
      ) : null}
      {(items.length > mostCards ? [] : items).map((item) => (
        <ProposalCard
          key={item.id}
          proposal={item}
          target={targets.get(item.id) ?? likelyTarget(item, node)}
          nodes={nodes.map(({ name }) => name)}
          nodeOnScreen={node}
          onTarget={(target) => setTargets((before) => new Map(before).set(item.id, target))}
        />
      ))}
      {items.length > 0 ? null : (
        <>
          <p className="dim">
            Output of kubectl, a component log, a CNI file, a process list: paste it, or choose
            files. It is recognised by its content.
          </p>
          <textarea
            className="textarea"
            aria-label="Paste command output"
            placeholder="Paste command output here"
            spellCheck={false}
            rows={8}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <div className="chips">
            <Button
              look="primary"
              isDisabled={busy || text.trim() === ''}
              onPress={() => void propose({ text })}
            >
              Look at it
            </Button>
            <Button onPress={() => void chooseFiles()}>Choose files…</Button>
          </div>
        </>
      )}
    </Modal>
  );
}
