import type { ReactElement } from 'react';
import { Button } from '../controls/button';
import { Modal } from '../controls/modal';
import { answerConfirm } from '../stores/case-actions';

/** A bundle is beyond the limits: go on, or not? */
export function ConfirmDialog({
  question,
}: {
  question: { readonly id: string; readonly title: string; readonly detail: string };
}): ReactElement {
  const answer = (goOn: boolean): void => void answerConfirm(question.id, goOn);
  return (
    <Modal
      title={question.title}
      role="alertdialog"
      onClose={() => answer(false)}
      foot={
        <>
          <Button onPress={() => answer(true)}>Go on</Button>
          <Button look="primary" autoFocus onPress={() => answer(false)}>
            Stop
          </Button>
        </>
      }
    >
      <p>{question.detail}</p>
    </Modal>
  );
}
