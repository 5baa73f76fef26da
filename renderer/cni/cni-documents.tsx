import type { ReactElement } from 'react';
import { useCall } from '../bridge/use-call';
import { EmptyState, Unreadable } from '../controls/empty-state';
import { PasteBox } from '../evidence/paste-box';
import { useSnapshot } from '../stores/case';
import { CniDocumentCard } from './cni-document-card';

/** The CNI files with what is wrong marked in their text, and what is expected beside it. */
export function CniDocuments(): ReactElement {
  const { id: snapshotId } = useSnapshot();
  const { value, error } = useCall('cni:documents', { snapshotId });
  if (error !== undefined) return <Unreadable message={error} />;
  if (value === undefined) return <div className="page-body" />;
  return (
    <div className="page-body">
      {value.documents.length === 0 ? (
        <EmptyState
          title="No CNI configuration here"
          text="A CollectLogs folder does not hold it. It lies beside kubelet's CNI folder on the node, on AKS in C:\k\azurecni\netconf, else in C:\k\cni\config."
          command="Get-Content C:\k\cni\config\cni.conf"
        >
          <PasteBox what="the CNI configuration" />
        </EmptyState>
      ) : null}
      {value.documents.map((document) => (
        <CniDocumentCard key={document.path} document={document} />
      ))}
    </div>
  );
}
