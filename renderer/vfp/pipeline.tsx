import type { ReactElement } from 'react';
import { Button } from 'react-aria-components';
import type { VfpPipeline } from '../../shared/ipc/graph-schemas';
import { Icon } from '../controls/icons';
import { StatusMark } from '../controls/status-mark';
import { LinkButton } from '../controls/button';
import { number } from '../controls/text';
import { openRaw } from '../stores/drawer';

/** Layers in the order a packet passes them, the groups of each with the number of their rules. */
export function Pipeline({
  pipeline,
  shownGroup,
  onShowGroup,
}: {
  pipeline: VfpPipeline;
  shownGroup: string | undefined;
  onShowGroup: (id: string) => void;
}): ReactElement {
  return (
    <>
      <div
        className="pipeline"
        role="group"
        tabIndex={0}
        aria-label={`Layers, ${pipeline.direction === 'OUT' ? 'out of' : 'into'} the container`}
      >
        {pipeline.layers.map((layer, index) => (
          <div key={layer.id} className="pipeline-step">
            {index === 0 ? null : (
              <span className="pipeline-arrow" aria-hidden="true">
                <Icon name="arrow" size={13} />
              </span>
            )}
            <section className="layer" aria-label={`Layer ${layer.name}`}>
              <div className="layer-head" title={layer.flags}>
                <LinkButton onPress={() => openRaw(layer.evidence)}>
                  <strong>{layer.name}</strong>
                </LinkButton>
                <span className="dim tabular">{layer.priority ?? ''}</span>
              </div>
              {layer.groups.map((group) => (
                <Button
                  key={group.id}
                  className="group"
                  aria-pressed={group.id === shownGroup}
                  onPress={() => onShowGroup(group.id)}
                >
                  <span>
                    {group.tone === 'none' ? null : (
                      <>
                        <StatusMark status={group.tone} size={9} label={group.tone} />{' '}
                      </>
                    )}
                    {group.name}
                  </span>
                  <span className="dim tabular">
                    {number(group.ruleCount)}
                    <span className="visually-hidden"> rules</span>
                  </span>
                </Button>
              ))}
              <span className="none">
                {layer.groups.length === 0 ? 'no groups, ' : 'otherwise '}
                {layer.defaultAllow ? 'allow' : 'not stated'}
              </span>
            </section>
          </div>
        ))}
      </div>
      {pipeline.note === undefined ? null : <p className="dim">{pipeline.note}</p>}
    </>
  );
}
