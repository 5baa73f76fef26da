import type { ReactElement } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { Result } from '../../shared/ipc/contract';
import { runCommand } from '../commands/run';
import { Button, LinkButton } from '../controls/button';
import { CommandLine } from '../controls/command-line';
import { Icon } from '../controls/icons';
import { CountPill, StatusMark } from '../controls/status-mark';
import { whenOpened } from '../controls/text';
import { KnownNodes } from '../live/known-nodes';
import { useAppInfo } from '../stores/app-info';
import { openCase } from '../stores/case-actions';

/** Where one begins: drop, open, a recent item, a sample. */
export function WelcomeView(): ReactElement {
  return (
    <main className="welcome" data-region="centre">
      <div className="welcome-inner">
        <header>
          <h1>What is wrong with this node&apos;s network?</h1>
          <p>
            Open what was collected on a Windows Kubernetes node, or read a node live. Nothing you
            open leaves this computer.
          </p>
        </header>
        <div className="welcome-main">
          <section className="drop-target" aria-labelledby="drop-title">
            <span className="glyph">
              <Icon name="drop" size={26} />
            </span>
            <h2 id="drop-title">Drop a CollectLogs folder or zip</h2>
            <p className="dim">or several, from several nodes; or paste command output (Ctrl+V)</p>
            <div className="buttons">
              <Button look="primary" onPress={() => runCommand('open-folder')}>
                Open folder…
              </Button>
              <Button onPress={() => runCommand('open-file')}>Open file…</Button>
              <Button onPress={() => runCommand('connect')}>Connect to a node…</Button>
            </div>
            <p className="dim">
              Reads folders, .zip, .tar, .tar.gz and single files of collectlogs.ps1
            </p>
          </section>
          <section className="card no-bundle" aria-labelledby="no-bundle">
            <h2 id="no-bundle">No bundle yet?</h2>
            <span className="dim">On the node, as administrator:</span>
            <CommandLine command=".\collectlogs.ps1" />
            <span className="dim">then bring its folder here.</span>
            <span className="push" />
            <LinkButton onPress={() => runCommand('save-script')}>
              Or save our read-only collector…
            </LinkButton>
          </section>
        </div>
        <div className="welcome-side">
          <RecentItems />
          <KnownNodes />
          <SampleNodes />
        </div>
      </div>
    </main>
  );
}

function RecentItems(): ReactElement | null {
  const recent = useAppInfo((state) => state.info?.recent ?? null);
  if (recent === null || recent.length === 0) return null;
  const now = Date.now();
  return (
    <section className="card" aria-labelledby="recent">
      <h2 className="caption" id="recent">
        Recent
      </h2>
      <ul>
        {recent.slice(0, 6).map((item) => (
          <li key={item.id}>
            <AriaButton
              className="welcome-item"
              isDisabled={!item.exists}
              onPress={() => void openCase([{ kind: 'recent', id: item.id }], item.name)}
            >
              <span className="name">
                <span>{item.name}</span>
                <CountPill status="error" count={item.errors} />
                <CountPill status="warning" count={item.warnings} />
                {item.errors + item.warnings === 0 ? <NothingFound judged={item.judged} /> : null}
              </span>
              <span className="line-2">
                {item.exists
                  ? `${whenOpened(item.openedAt, now)} · ${item.detail}`
                  : 'no longer where it was'}
              </span>
            </AriaButton>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Nothing found is only good news where enough was looked at. */
function NothingFound({ judged }: { judged: boolean | undefined }): ReactElement | null {
  if (judged === undefined) return null;
  return judged ? (
    <span className="pill ok">ok</span>
  ) : (
    <span className="pill not-checked">little checked</span>
  );
}

function SampleNodes(): ReactElement | null {
  const samples = useAppInfo((state) => state.info?.samples ?? null);
  if (samples === null || samples.length === 0) return null;
  return (
    <section className="card" aria-labelledby="samples">
      <h2 className="caption" id="samples">
        Try a sample node
      </h2>
      <SampleList title="Healthy" samples={samples.filter(({ broken }) => !broken)} />
      <SampleList title="Broken" samples={samples.filter(({ broken }) => broken)} />
      <p className="dim sample-note">Synthetic, made for this application.</p>
    </section>
  );
}

type Sample = Result<'app:state'>['samples'][number];

function SampleList({
  title,
  samples,
}: {
  title: 'Healthy' | 'Broken';
  samples: readonly Sample[];
}): ReactElement | null {
  if (samples.length === 0) return null;
  return (
    <>
      <h3 className="sample-group">
        <StatusMark status={title === 'Healthy' ? 'ok' : 'error'} size={10} />
        {title}
      </h3>
      <ul aria-label={title}>
        {samples.map((sample) => (
          <li key={sample.id}>
            <AriaButton
              className="welcome-item sample"
              onPress={() => void openCase([{ kind: 'sample', id: sample.id }], sample.title)}
            >
              {sample.title}
            </AriaButton>
          </li>
        ))}
      </ul>
    </>
  );
}
