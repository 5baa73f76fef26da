import type { ReactElement } from 'react';
import { runCommand } from '../commands/run';
import { LinkButton } from '../controls/button';
import { StatusMark } from '../controls/status-mark';
import { counted, number } from '../controls/text';
import { CaptureChip } from '../live/capture-chip';
import { LiveStatus } from '../live/live-status';
import { currentSnapshot, screenOf, useCase } from '../stores/case';
import { goTo } from '../stores/navigation';

/** What was read, of which kind of node, and how much was checked. Numbers are honest. */
export function StatusBar(): ReactElement {
  const snapshot = useCase(currentSnapshot);
  const rejected = useCase((state) => state.summary?.rejected.length ?? 0);
  const nested = useCase((state) => state.summary?.nestedArchives.length ?? 0);
  const sample = useCase((state) => state.summary?.sampleNote);
  const shown = useCase((state) => screenOf(state) === 'case');
  if (!shown || snapshot === undefined) {
    return (
      <footer className="status-bar">
        <span>No telemetry.</span>
        <LiveStatus />
        <CaptureChip />
      </footer>
    );
  }
  const { counts } = snapshot;
  const all = counts.filesRead === counts.files;
  return (
    <footer className="status-bar" data-region="status">
      <span className="files-read">
        <StatusMark status={all ? 'ok' : 'warning'} size={10} />
        {all
          ? `${counted(counts.files, 'file')} read`
          : `${number(counts.filesRead)} of ${counted(counts.files, 'file')} read`}
        {`, ${counted(counts.skippedLines, 'line')} skipped`}
      </span>
      {rejected === 0 ? null : (
        <LinkButton onPress={() => runCommand('show-rejected')}>
          {counted(rejected, 'entry')} refused
        </LinkButton>
      )}
      {nested === 0 ? null : (
        <LinkButton onPress={() => goTo({ kind: 'files' })}>
          {counted(nested, 'archive')} inside not opened
        </LinkButton>
      )}
      <span className="mode" title={snapshot.modeReason}>
        {snapshot.modeText}
      </span>
      {snapshot.os === undefined ? null : (
        <span className="os" title={snapshot.os}>
          {snapshot.os}
        </span>
      )}
      {sample === undefined ? null : (
        <span className="sample" title={sample}>
          {sample}
        </span>
      )}
      <LiveStatus />
      <CaptureChip />
      <span className="push tabular">
        {number(counts.checksMade)} of {counted(counts.checksTotal, 'check')} made ·{' '}
        {number(counts.needEvidence)} need evidence
      </span>
    </footer>
  );
}
