import type { ReactElement } from 'react';
import mark from '../../assets/icons/icon.svg';
import { Modal } from '../controls/modal';
import { useAppInfo } from '../stores/app-info';
import { closeDialog } from '../stores/dialogs';

export function AboutDialog(): ReactElement {
  const info = useAppInfo((state) => state.info);
  return (
    <Modal title="About HNS Workbench" onClose={closeDialog}>
      <div className="about-head">
        <img src={mark} alt="" />
        <div>
          <h3>HNS Workbench {info?.version}</h3>
          <p className="dim">
            Electron {info?.electron} · {info?.platform}
          </p>
        </div>
      </div>
      <p>
        Reads the network state of a Windows Kubernetes node and says what is broken, why, and where
        it is written. It works offline: nothing you open leaves this computer, and nothing is
        counted or reported.
      </p>
      <p className="dim">
        Free software under the MIT licence. Its text, and the licences of the libraries in it, are
        in the folder “licences” beside the program.
      </p>
    </Modal>
  );
}
