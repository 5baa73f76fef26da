import type { HnsNamespace } from '../../model/hns';
import { guid } from '../../model/ids';
import { fieldLines } from './field-lines';
import {
  booleanField,
  field,
  itemsField,
  numberField,
  textField,
  textsField,
  type HnsObject,
} from './hns-value';
import type { At } from './policy';

/**
 * An HNS namespace: V1 (`CompartmentId`, `ResourceList`, `Containers`), V2 (`NamespaceId` is the
 * compartment number, `Resources`), and the five column list of the collector (`EndpointID`).
 */
export function hnsNamespace(object: HnsObject, at: At): HnsNamespace | undefined {
  const id = guid(textField(object, 'id') ?? '');
  if (id === undefined) return undefined;
  const type = textField(object, 'type');
  const resources = [...itemsField(object, 'resourcelist'), ...itemsField(object, 'resources')];
  const ofType = (wanted: string): string[] =>
    resources
      .filter((item) => textField(item, 'type')?.toLowerCase() === wanted)
      .flatMap((item) => textField(field(item, 'data'), 'id') ?? []);
  const endpointTexts = [
    ...ofType('endpoint'),
    ...textsField(object, 'endpointid', 'endpointids', 'endpoints'),
  ];
  return {
    id,
    compartmentId:
      numberField(object, 'namespaceid') ?? numberField(object, 'compartmentid', 'compartmendid'),
    compartmentGuid: guid(textField(object, 'compartmentguid') ?? ''),
    type,
    isDefault:
      booleanField(object, 'isdefault') ??
      (type !== undefined && /default$/i.test(type) ? true : undefined),
    endpointIds: [...new Set(endpointTexts.flatMap((text) => guid(text) ?? []))],
    containerIds: [...new Set([...textsField(object, 'containers'), ...ofType('container')])],
    fieldLines: fieldLines(object, at, {
      id: ['id'],
      type: ['type', 'isdefault'],
      compartment: ['namespaceid', 'compartmentid', 'compartmendid'],
      endpoints: ['resourcelist', 'resources', 'endpointid'],
    }),
    evidence: [at(object)],
  };
}
