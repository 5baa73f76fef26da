import type { ReactElement } from 'react';
import { call } from '../bridge/call';
import { LinkButton } from '../controls/button';
import { say } from '../stores/toasts';

async function open(url: string): Promise<void> {
  const { opened } = await call('app:open-external', { url });
  if (!opened) say('This address is not one of the documentation sites that are opened.');
}

/** Documentation that says more; opened in the system's browser. */
export function References({ urls }: { urls: readonly string[] }): ReactElement {
  return (
    <span className="references">
      {urls.map((url) => (
        <LinkButton key={url} label={`Open ${url} in the browser`} onPress={() => void open(url)}>
          {siteOf(url)}
        </LinkButton>
      ))}
    </span>
  );
}

/** `learn.microsoft.com › hcn` says more than the whole address. */
function siteOf(url: string): string {
  const match = /^https?:\/\/([^/]+)(\/[^?#]*)?/.exec(url);
  const last = match?.[2]?.split('/').filter(Boolean).at(-1);
  const host = match?.[1] ?? url;
  return last === undefined ? host : `${host} › ${last.slice(0, 40)}`;
}
