import { Fragment, type ReactElement } from 'react';

/** A name of many parts that may break between them: `ACL_ENDPOINT_LAYER`, `RemoteSubnetRoute`, `ValidateKubernetes.Pester.txt`. */
export function Breakable({ text }: { text: string }): ReactElement {
  return (
    <>
      {text.split(/(?<=[_.-])(?=.{4})|(?<=[a-z]{3})(?=[A-Z][a-z])/).map((part, index) => (
        <Fragment key={index}>
          {index === 0 ? null : <wbr />}
          {part}
        </Fragment>
      ))}
    </>
  );
}
