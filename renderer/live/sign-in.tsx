import type { ReactElement } from 'react';
import type { Authentication, ConnectionDraft } from '../../shared/ipc/live-schemas';
import { call } from '../bridge/call';
import { Button } from '../controls/button';
import { Segmented } from '../controls/segmented';
import { TextField } from '../controls/text-field';
import { signInWay, signInWays } from './connection-kinds';
import { trying } from './live-actions';
import { Remember } from './remember';

/** How one signs in: agent, key or password, and whether the secret is remembered. */
export function SignIn({
  draft,
  onDraft,
  secret,
  onSecret,
  held,
  keep,
  onKeep,
}: {
  draft: ConnectionDraft;
  onDraft: (changes: Partial<ConnectionDraft>) => void;
  secret: string;
  onSecret: (secret: string) => void;
  held: boolean;
  keep: boolean;
  onKeep: (keep: boolean) => void;
}): ReactElement {
  const { kind, authentication, key } = draft;
  const chooseKey = (): Promise<boolean> =>
    trying(async () => {
      const chosen = await call('live:choose-key', {});
      if (chosen.key !== null) onDraft({ key: chosen.key });
    });
  const ways = signInWays[kind];
  const way = signInWay(kind, authentication);
  return (
    <section className="sign-in" aria-label="Sign in">
      {ways.length === 1 ? null : (
        <Segmented<Authentication>
          label="Sign in with"
          options={ways}
          value={way.id}
          onChange={(next) => onDraft({ authentication: next })}
        />
      )}
      {way.about === undefined ? null : <p className="dim">{way.about}</p>}
      {way.id === 'key' ? (
        <div className="form-line">
          <Button onPress={() => void chooseKey()}>Choose key…</Button>
          <span className={key === null ? 'dim' : 'mono'}>{key?.name ?? 'No key was chosen.'}</span>
        </div>
      ) : null}
      {way.secret === undefined ? null : (
        <>
          <TextField
            label={way.secret}
            type="password"
            placeholder={held ? 'known; type to replace it' : hints[way.secret]}
            value={secret}
            onChange={onSecret}
          />
          <Remember isSelected={keep} onChange={onKeep} />
        </>
      )}
    </section>
  );
}

const hints = {
  Passphrase: 'only if the key has one',
  Password: 'asked for when it is needed',
} as const;
