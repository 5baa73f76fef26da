import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { ConnectionDraft, StageResult } from '../../shared/ipc/live-schemas';
import { call, CallError, on } from '../bridge/call';
import { StatusMark, type Status } from '../controls/status-mark';

/** A test of a connection: its stages as they are known. */
interface Test {
  readonly running: boolean;
  readonly stages: readonly StageResult[];
  run(draft: ConnectionDraft): Promise<void>;
  cancel(): void;
  /** Another connection is meant now: what was found of the one before, or still is, goes. */
  clear(): void;
}

const stageTitles: Readonly<Record<StageResult['stage'], string>> = {
  name: 'Name',
  port: 'Port',
  'host-key': 'Identity of the node',
  authentication: 'Sign-in',
  shell: 'Shell',
  rights: 'Rights',
};
const order = Object.keys(stageTitles);

export function useTest(): Test {
  const [running, setRunning] = useState(false);
  const [stages, setStages] = useState<readonly StageResult[]>([]);
  const open = useRef(true);
  useEffect(() => {
    open.current = true;
    const stop = on('live-test', (result) =>
      setStages((before) => [...before.filter(({ stage }) => stage !== result.stage), result]),
    );
    return () => {
      open.current = false;
      stop();
    };
  }, []);
  const cancel = (): void => void call('live:cancel-test', {}).catch(() => undefined);
  return {
    running,
    stages,
    run: async (draft) => {
      setStages([]);
      setRunning(true);
      try {
        const result = await call('live:test', { draft });
        if (open.current) setStages(result.stages);
      } catch (error) {
        if (!(error instanceof CallError && error.code === 'cancelled')) throw error;
      } finally {
        if (open.current) setRunning(false);
      }
    },
    cancel,
    clear: () => {
      if (running) cancel();
      setStages([]);
    },
  };
}

const marks: Readonly<Record<StageResult['outcome'], { status: Status; word: string }>> = {
  ok: { status: 'ok', word: 'passed' },
  limited: { status: 'warning', word: 'limited' },
  failed: { status: 'error', word: 'failed' },
  'not reached': { status: 'not-checked', word: 'not reached' },
};

/** The stages of a test, each with what was found and what to do about it. */
export function TestStages({ test }: { test: Test }): ReactElement | null {
  const region = useRef<HTMLElement>(null);
  const { length } = test.stages;
  // Beneath a long form it would come unseen.
  useEffect(() => {
    if (test.running || length > 0) region.current?.scrollIntoView({ block: 'nearest' });
  }, [test.running, length]);
  if (!test.running && test.stages.length === 0) return null;
  const known = [...test.stages].sort((a, b) => order.indexOf(a.stage) - order.indexOf(b.stage));
  return (
    <section
      ref={region}
      className="test-stages"
      aria-label="Test of the connection"
      aria-live="polite"
    >
      <ul>
        {known.map(({ stage, outcome, text }) => (
          <li key={stage}>
            <StatusMark status={marks[outcome].status} label={marks[outcome].word} />
            <strong>{stageTitles[stage]}</strong>
            <span className="selectable">{text === '' ? marks[outcome].word : text}</span>
          </li>
        ))}
        {test.running ? (
          <li className="dim">
            <StatusMark status="not-checked" />
            <span>Testing…</span>
          </li>
        ) : null}
      </ul>
    </section>
  );
}
