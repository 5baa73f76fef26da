import { useEffect, useState, type ReactElement } from 'react';
import type { ClusterDraft, KubeContext } from '../../shared/ipc/live-schemas';
import { call, sentenceOf } from '../bridge/call';
import { Button, LinkButton } from '../controls/button';
import { Select } from '../controls/select';
import { trying } from './live-actions';

/** A kubeconfig and one of its contexts. */
export function ClusterChoice({
  cluster,
  onCluster,
}: {
  cluster: ClusterDraft;
  onCluster: (cluster: ClusterDraft) => void;
}): ReactElement {
  const { kubeconfig, context } = cluster;
  const [contexts, setContexts] = useState<readonly KubeContext[]>([]);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    let current = true;
    call('live:contexts', { kubeconfig }).then(
      (answer) => {
        if (!current) return;
        setContexts(answer.contexts);
        setProblem('');
      },
      (error: unknown) => {
        if (!current) return;
        setContexts([]);
        setProblem(sentenceOf(error));
      },
    );
    return () => {
      current = false;
    };
  }, [kubeconfig]);
  const choose = (): Promise<boolean> =>
    trying(async () => {
      const { file } = await call('live:choose-kubeconfig', {});
      if (file !== null) onCluster({ kubeconfig: file, context: '' });
    });
  const chosen = context === '' ? contexts.find(({ current }) => current)?.name : context;
  return (
    <>
      <div className="form-line">
        <Button onPress={() => void choose()}>Choose kubeconfig…</Button>
        {kubeconfig === null ? (
          <span className="dim">KUBECONFIG, else ~/.kube/config</span>
        ) : (
          <>
            <span className="mono">{kubeconfig.name}</span>
            <LinkButton onPress={() => onCluster({ kubeconfig: null, context: '' })}>
              Use the default
            </LinkButton>
          </>
        )}
      </div>
      {problem === '' ? null : (
        <p role="alert" className="tone-error">
          {problem}
        </p>
      )}
      <Select
        label="Context"
        value={chosen ?? null}
        placeholder="No context"
        isDisabled={contexts.length === 0}
        options={contexts.map(({ name, server, user, current, problem: why }) => ({
          id: name,
          title: name,
          detail: why ?? `${server} as ${user}${current ? ', the current one' : ''}`,
          isDisabled: why !== undefined,
        }))}
        onChange={(name) => onCluster({ kubeconfig, context: name })}
      />
    </>
  );
}
