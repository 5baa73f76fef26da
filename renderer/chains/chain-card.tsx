import type { ReactElement } from 'react';
import { Button } from 'react-aria-components';
import type { ChainView } from '../../shared/ipc/chain-schemas';
import { Button as PushButton, LinkButton } from '../controls/button';
import { Icon } from '../controls/icons';
import { Breakable } from '../controls/breakable';
import { EvidenceChips } from '../controls/links';
import { StatusMark, statusWords } from '../controls/status-mark';
import { counted } from '../controls/text';
import { openRaw } from '../stores/drawer';
import { goToStep, select } from '../stores/navigation';
import { openTrace } from '../stores/trace';
import { ChainChoice } from './chain-choice';

type Link = ChainView['links'][number];

/** One path, link by link, with what can cause its break and where that is written. */
export function ChainCard({
  chain,
  siblings,
  onShow,
}: {
  chain: ChainView;
  siblings: readonly ChainView[];
  onShow: (id: string) => void;
}): ReactElement {
  const broken = chain.status === 'error' || chain.status === 'warning';
  const breaks = chain.links.filter(isBroken);
  const evidence = breaks.flatMap((link) => link.evidence);
  const titleId = `chain-${chain.symptom}`;
  return (
    <section className={`card chain ${chain.status}`} aria-labelledby={titleId}>
      <div className="chain-head">
        <StatusMark status={chain.status} size={13} label={statusWords[chain.status]} />
        <ChainTitle id={titleId} title={chain.title} chosenOf={siblings.length} />
        <span className="push dim tabular">{headline(chain)}</span>
        {chain.flow !== undefined && !broken ? (
          <PushButton
            look="small quiet"
            label={`Trace a packet of: ${chain.title}`}
            onPress={() => chain.flow !== undefined && openTrace(chain.flow)}
          >
            Trace
          </PushButton>
        ) : null}
        {siblings.length > 1 ? (
          <ChainChoice chains={siblings} shown={chain.id} onShow={onShow} />
        ) : null}
      </div>
      <ol className="chain-links">
        {chain.links.map((link, index) => (
          <li key={link.id} className="chain-link-item">
            {index === 0 ? null : (
              <span className="chain-arrow" aria-hidden="true">
                <Icon name="arrow" size={13} />
              </span>
            )}
            <LinkBox link={link} />
          </li>
        ))}
      </ol>
      {broken ? (
        <div className="chain-foot">
          {chain.causes.length === 0 ? null : (
            <span className="selectable">
              <span className="dim">When this happens: </span>
              {chain.causes.join(' ')}
            </span>
          )}
          <EvidenceChips of={evidence} most={5} />
          {(chain.flow === undefined ? [] : breaks).map((link) => (
            <LinkButton
              key={link.id}
              label={`Show the packet of: ${link.title}`}
              onPress={() => traceLink(chain, link)}
            >
              {breaks.length > 1 ? `Show the packet: ${link.title}` : 'Show the packet'}{' '}
              <Icon name="arrow" size={11} />
            </LinkButton>
          ))}
        </div>
      ) : null}
    </section>
  );
}

/** What the path is about gives way where the choice beside it says the same and room is scarce. */
function ChainTitle({
  id,
  title,
  chosenOf,
}: {
  id: string;
  title: string;
  chosenOf: number;
}): ReactElement {
  const at = title.indexOf(': ');
  if (chosenOf < 2 || at < 0) return <h2 id={id}>{title}</h2>;
  return (
    <h2 id={id}>
      {title.slice(0, at)}
      <span className="about">{title.slice(at)}</span>
    </h2>
  );
}

/** How much is well, and what of it was not looked at. */
function headline({ headline: well, status, links }: ChainView): string {
  const open = links.filter((link) => link.status === 'not-checked').length;
  return status === 'ok' && open > 0 ? `${well} · ${counted(open, 'link')} not checked` : well;
}

const isBroken = ({ status }: Link): boolean => status === 'error' || status === 'warning';

/** The trace of the path's packet, with what the link says beside it. */
function traceLink(chain: ChainView, link: Link): void {
  if (chain.flow === undefined) return;
  openTrace(chain.flow, {
    origin: { path: chain.title, link: link.title, detail: link.detail },
  });
}

function LinkBox({ link }: { link: Link }): ReactElement {
  const follow = (): void => {
    const [entity] = link.entities;
    const [evidence] = link.evidence;
    if (entity !== undefined) select(entity, { reveal: true });
    if (evidence !== undefined && (entity === undefined || link.status !== 'ok')) openRaw(evidence);
    if (entity === undefined && evidence === undefined) {
      goToStep(7, link.status === 'not-checked' ? 'not-checked' : 'findings');
    }
  };
  return (
    <Button className={`chain-link ${link.status}`} onPress={follow}>
      <span className="name">
        {isBroken(link) ? <StatusMark status={link.status} size={10} /> : null}
        <span>
          <Breakable text={link.title} />
          <span className="visually-hidden">, {statusWords[link.status]}: </span>
        </span>
      </span>
      <span className="detail">{link.detail}</span>
    </Button>
  );
}
