import type { ReactElement } from 'react';
import { Checkbox } from '../controls/checkbox';
import { useLive } from './live-store';

/** Whether a secret is kept in the keyring; where there is none, why it can't be. */
export function Remember({
  isSelected,
  onChange,
}: {
  isSelected: boolean;
  onChange: (keep: boolean) => void;
}): ReactElement {
  const keyring = useLive((state) => state.live?.keyring);
  const available = keyring?.available === true;
  return (
    <div>
      <Checkbox isSelected={isSelected && available} isDisabled={!available} onChange={onChange}>
        Remember it in the keyring of this computer
      </Checkbox>
      {keyring === undefined || available ? null : (
        <p className="dim checkbox-note">{keyring.reason}</p>
      )}
    </div>
  );
}
