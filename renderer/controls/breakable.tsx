import { Fragment, type ReactElement } from 'react';

/** A name of many parts that may break after its underscores: `ACL_ENDPOINT_LAYER`. */
export function Breakable({ text }: { text: string }): ReactElement {
  return (
    <>
      {text.split(/(?<=_)/).map((part, index) => (
        <Fragment key={index}>
          {index === 0 ? null : <wbr />}
          {part}
        </Fragment>
      ))}
    </>
  );
}
