import type { ReactElement } from 'react';
import type { Authentication, ConnectionDraft } from '../../shared/ipc/live-schemas';
import { call } from '../bridge/call';
import { Button } from '../controls/button';
import { Checkbox } from '../controls/checkbox';
import { Segmented } from '../controls/segmented';
import { TextField } from '../controls/text-field';
import { sshAuthentications } from './kinds';
import { trying } from './live-actions';
import { useLive } from './live-store';

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
  const keyring = useLive((state) => state.live?.keyring);
  const { kind, authentication, key } = draft;
  const chooseKey = (): Promise<boolean> =>
    trying(async () => {
      const chosen = await call('live:choose-key', {});
      if (chosen.key !== null) onDraft({ key: chosen.key });
    });
  return (
    <section className="sign-in" aria-label="Sign in">
      {kind === 'ssh' ? (
        <Segmented<Authentication>
          label="Sign in with"
          options={sshAuthentications}
          value={authentication}
          onChange={(next) => onDraft({ authentication: next })}
        />
      ) : null}
      {authentication === 'agent' ? (
        <p className="dim">
          The SSH agent of this computer, then the keys that ~/.ssh/config names for the node. The
          agent is never forwarded.
        </p>
      ) : null}
      {authentication === 'key' ? (
        <div className="form-line">
          <Button onPress={() => void chooseKey()}>Choose key…</Button>
          <span className={key === null ? 'dim' : 'mono'}>{key?.name ?? 'No key was chosen.'}</span>
        </div>
      ) : null}
      {authentication === 'agent' ? null : (
        <>
          <TextField
            label={authentication === 'key' ? 'Passphrase' : 'Password'}
            type="password"
            placeholder={
              held
                ? 'known; type to replace it'
                : authentication === 'key'
                  ? 'only if the key has one'
                  : 'asked for when it is needed'
            }
            value={secret}
            onChange={onSecret}
          />
          <div>
            <Checkbox
              isSelected={keep && keyring?.available === true}
              isDisabled={keyring?.available !== true}
              onChange={onKeep}
            >
              Remember it in the keyring of this computer
            </Checkbox>
            {keyring === undefined || keyring.available ? null : (
              <p className="dim checkbox-note">{keyring.reason}</p>
            )}
          </div>
        </>
      )}
    </section>
  );
}
