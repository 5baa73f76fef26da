import { describe, expect, it } from 'vitest';
import { viewContext } from '../inspect/view-context';
import type { BundleTexts } from '../synthetic/bundle';
import { caseOf } from '../synthetic/case-of';
import { edit, syntheticNode, without } from '../synthetic/synthetic-node';
import { cniDocuments } from './cni-documents';

type Remark = [exception: string, message: string, expected: string | undefined];

/** Remarks on the NAT exceptions of the node's CNI file, by what stands on their lines. */
function remarksOf(bundle: BundleTexts): Remark[] {
  const theCase = caseOf(bundle);
  const snapshot = theCase.nodes[0]?.snapshots[0];
  if (snapshot === undefined) throw new Error('there is no node');
  const documents = cniDocuments(viewContext(snapshot, theCase, []));
  const conf = documents.find(({ path }) => path.endsWith('cni.conf'));
  return (conf?.annotations ?? []).flatMap(({ line, message, severity, expected }) => {
    const text = /"([\d.]+\/\d+)"/.exec(conf?.lines[line - (conf?.from ?? 1)] ?? '')?.[1];
    if (text === undefined) return [];
    const remark: Remark = [text, message, severity === 'ok' ? undefined : expected];
    return [remark];
  });
}

const node = syntheticNode({ mode: 'l2bridge' });
const path = 'cni/config/cni.conf';

describe('NAT exceptions of a CNI file', () => {
  it('are ticked where they are the networks of the cluster', () => {
    expect(remarksOf(node)).toEqual(
      expect.arrayContaining([
        ['10.244.0.0/16', 'as the pod network', undefined],
        ['10.96.0.0/12', 'covers the addresses of services', undefined],
        ['10.127.130.0/24', 'as the subnet of the node', undefined],
      ]),
    );
  });

  it('have the network beside them that was meant', () => {
    const typo = edit(node, path, (text) => text.replace('10.244.0.0/16', '10.244.0.0/0'));
    expect(remarksOf(typo)).toContainEqual([
      '10.244.0.0/0',
      'the pod network says otherwise',
      '10.244.0.0/16',
    ]);
  });

  it('are left alone where nothing is known that they could be held against', () => {
    const bare = without(node, 'net-conf.json', 'services.json');
    expect(remarksOf(bare).map(([text]) => text)).not.toContain('10.244.0.0/16');
    const own = edit(node, path, (text) => text.replace('10.127.130.0/24', '192.0.2.0/24'));
    expect(remarksOf(own).map(([text]) => text)).not.toContain('192.0.2.0/24');
  });
});
