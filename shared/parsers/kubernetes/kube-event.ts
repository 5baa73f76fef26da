import type { KubeEvent } from '../../model/kubernetes';
import type { JsonValue } from '../json-tree';
import { member, numberOf, textOf } from '../json-tree';
import { instant } from './duration';
import { metaOf, path, placeOf } from './kube-fields';

/** An Event, of core/v1 or of events.k8s.io/v1 (other field names). The first evidence is its message. */
export function eventOf(value: JsonValue, file: string): KubeEvent {
  const { namespace, createdAt, evidence } = metaOf(value, file);
  const object = member(value, 'involvedObject', 'regarding');
  const message = member(value, 'message', 'note');
  const time = (...names: readonly string[]): number | undefined =>
    instant(textOf(member(value, ...names)));
  const seen = time('lastTimestamp', 'deprecatedLastTimestamp');
  const first =
    time('firstTimestamp', 'deprecatedFirstTimestamp') ?? time('eventTime') ?? createdAt;
  return {
    type: textOf(member(value, 'type')),
    reason: textOf(member(value, 'reason')) ?? '',
    objectKind: textOf(member(object, 'kind')),
    objectName: textOf(member(object, 'name')),
    namespace: textOf(member(object, 'namespace')) ?? namespace,
    message: textOf(message) ?? '',
    count:
      numberOf(path(value, 'series', 'count')) ??
      numberOf(member(value, 'count', 'deprecatedCount')),
    lastSeen: instant(textOf(path(value, 'series', 'lastObservedTime'))) ?? seen ?? first,
    firstSeen: first,
    source:
      textOf(path(value, 'source', 'component')) ??
      textOf(path(value, 'deprecatedSource', 'component')) ??
      textOf(member(value, 'reportingComponent', 'reportingController')),
    host:
      textOf(path(value, 'source', 'host')) ??
      textOf(path(value, 'deprecatedSource', 'host')) ??
      textOf(member(value, 'reportingInstance')),
    evidence: [message ? placeOf(message, file) : evidence],
  };
}
