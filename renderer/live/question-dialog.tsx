import { useState, type ReactElement, type ReactNode } from 'react';
import type { OpenQuestion } from '../../shared/ipc/live-schemas';
import { call } from '../bridge/call';
import { Button } from '../controls/button';
import { CommandLine } from '../controls/command-line';
import { Modal } from '../controls/modal';
import { TextField } from '../controls/text-field';
import { trying } from './live-actions';
import { Remember } from './remember';

type Of<K extends OpenQuestion['question']['kind']> = Extract<
  OpenQuestion['question'],
  { kind: K }
>;

/** A question that a node, or what stands before it, asks of the user. */
export function QuestionDialog({ asked }: { asked: OpenQuestion }): ReactElement {
  const { id, name, question } = asked;
  const answer = (given: boolean | string | null, keep = false): void =>
    void trying(() => call('live:answer', { id, answer: given, keep }));
  switch (question.kind) {
    case 'trust-host':
      return <TrustHost question={question} answer={answer} />;
    case 'trust-certificate':
      return <TrustCertificate question={question} answer={answer} />;
    case 'allow-plugin':
      return <AllowPlugin question={question} answer={answer} />;
    case 'password':
    case 'passphrase':
    case 'prompt':
      return <SecretQuestion key={id} name={name} question={question} answer={answer} />;
  }
}

/** First contact: the operator compares the fingerprint. Nothing was sent yet. */
function TrustHost({
  question,
  answer,
}: {
  question: Of<'trust-host'>;
  answer: (given: boolean) => void;
}): ReactElement {
  const { host, port, keyType, fingerprint } = question;
  return (
    <Trust title={`Is this ${host}?`} answer={answer}>
      <p>
        This computer has not seen the SSH server at {host} port {port} before. Nothing was sent to
        it yet. Compare its key with what the node says of itself:
      </p>
      <dl className="facts">
        <dt>Key</dt>
        <dd>{keyType}</dd>
        <dt>Fingerprint</dt>
        <dd className="mono fingerprint">{fingerprint}</dd>
      </dl>
      <p className="dim">On the node, this prints it:</p>
      <CommandLine command={`ssh-keygen -lf ${hostKeys}${keyFileOf(keyType)}`} />
    </Trust>
  );
}

/** A kubeconfig may name any program: it runs only once somebody has read what it is. */
function AllowPlugin({
  question,
  answer,
}: {
  question: Of<'allow-plugin'>;
  answer: (given: boolean) => void;
}): ReactElement {
  const { context, file, command, variables } = question;
  return (
    <Trust title="May this program run?" answer={answer} yes="Run it" no="Do not run it">
      <p>
        The context {context} gets its credentials from a program on this computer. It is asked for
        once, until the file changes.
      </p>
      <dl className="facts">
        <dt>Program</dt>
        <dd className="mono">{command.join(' ')}</dd>
        {variables.length === 0 ? null : (
          <>
            <dt>Variables</dt>
            <dd className="mono">{variables.join(', ')}</dd>
          </>
        )}
        <dt>Named in</dt>
        <dd className="mono">{file}</dd>
      </dl>
    </Trust>
  );
}

/** Where the OpenSSH server of Windows keeps its keys. */
const hostKeys = 'C:\\ProgramData\\ssh\\';

function keyFileOf(keyType: string): string {
  if (keyType.includes('ed25519')) return 'ssh_host_ed25519_key.pub';
  return keyType.includes('ecdsa') ? 'ssh_host_ecdsa_key.pub' : 'ssh_host_rsa_key.pub';
}

/** What Node.js calls it, in words. */
const problems: ReadonlyMap<string, string> = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'it is signed by itself, so nobody vouches for it'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'its authority is not trusted here'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its authority is not known here'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its authority is not known here'],
  ['CERT_HAS_EXPIRED', 'it has expired'],
  ['CERT_NOT_YET_VALID', 'it is not valid yet'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'it is for another name'],
]);
const sha256OnNode =
  'Get-ChildItem Cert:\\LocalMachine\\My | ForEach-Object { $_.Subject; [BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash($_.RawData)) }';

function TrustCertificate({
  question,
  answer,
}: {
  question: Of<'trust-certificate'>;
  answer: (given: boolean) => void;
}): ReactElement {
  const { host, port, subject, issuer, validFrom, validTo, fingerprint, problem } = question;
  return (
    <Trust title={`Is this ${host}?`} answer={answer}>
      <p>
        This computer does not trust the certificate at {host} port {port} by itself:{' '}
        {problems.get(problem) ?? problem}. Nothing was sent to it yet. Compare it with the
        certificate of the node&apos;s listener:
      </p>
      <dl className="facts">
        <dt>Subject</dt>
        <dd>{subject}</dd>
        <dt>Issuer</dt>
        <dd>{issuer}</dd>
        <dt>Valid</dt>
        <dd>
          {validFrom} to {validTo}
        </dd>
        <dt>SHA-256</dt>
        <dd className="mono fingerprint">
          {fingerprint.slice(0, 48)}
          <br />
          {fingerprint.slice(48)}
        </dd>
      </dl>
      <p className="dim">
        The thumbprint that Windows shows is a SHA-1 hash and looks different. On the node, this
        prints the one above:
      </p>
      <CommandLine command={sha256OnNode} />
    </Trust>
  );
}

function Trust({
  title,
  children,
  answer,
  yes = 'Trust and go on',
  no = 'Do not connect',
}: {
  title: string;
  children: ReactNode;
  answer: (given: boolean) => void;
  yes?: string;
  no?: string;
}): ReactElement {
  return (
    <Modal
      title={title}
      role="alertdialog"
      onClose={() => answer(false)}
      foot={
        <>
          <Button onPress={() => answer(true)}>{yes}</Button>
          <Button look="primary" autoFocus onPress={() => answer(false)}>
            {no}
          </Button>
        </>
      }
    >
      {children}
    </Modal>
  );
}

const titles = {
  password: 'Password',
  passphrase: 'Passphrase',
  prompt: 'The server asks',
} as const;

function SecretQuestion({
  name,
  question,
  answer,
}: {
  name: string;
  question: Of<'password'> | Of<'passphrase'> | Of<'prompt'>;
  answer: (given: string | null, keep?: boolean) => void;
}): ReactElement {
  const [text, setText] = useState('');
  const [keep, setKeep] = useState(false);
  const about =
    question.kind === 'password'
      ? `Password of ${question.who}`
      : question.kind === 'passphrase'
        ? `Passphrase of the key ${question.file}`
        : question.prompt.trim();
  const visible = question.kind === 'prompt' && question.echo;
  const send = (): void => {
    answer(text, keep);
    setText('');
  };
  return (
    <Modal
      title={`${titles[question.kind]} for ${name}`}
      onClose={() => answer(null)}
      foot={
        <>
          <Button onPress={() => answer(null)}>Cancel</Button>
          <Button look="primary" isDisabled={text === ''} onPress={send}>
            Sign in
          </Button>
        </>
      }
    >
      <form
        className="secret-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (text !== '') send();
        }}
      >
        <TextField
          label={about === '' ? 'Answer' : about}
          type={visible ? 'text' : 'password'}
          autoFocus
          value={text}
          onChange={setText}
        />
        {question.own ? (
          <Remember isSelected={keep} onChange={setKeep} />
        ) : (
          <p className="dim">It is used once and not remembered.</p>
        )}
      </form>
    </Modal>
  );
}
