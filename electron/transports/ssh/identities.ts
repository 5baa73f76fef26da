import { readFile } from 'node:fs/promises';
import { utils, type ParsedKey } from 'ssh2';
import { TransportError } from '../transport';

const TRIES = 3;

/** A private key, ready to be used. */
interface Identity {
  readonly key: Buffer;
  readonly passphrase: string | undefined;
}

/**
 * Reads a private key (OpenSSH, PEM, PPK; ed25519, ECDSA, RSA) and asks for its passphrase where it
 * has one. Undefined when there is no answer.
 * @throws TransportError when it cannot be used
 */
export async function readIdentity(
  file: string,
  askPassphrase: (file: string) => Promise<string | undefined>,
): Promise<Identity | undefined> {
  const fail = (reason: string): never => {
    throw new TransportError('authentication', `The key ${file} ${reason}`);
  };
  const key = await readFile(file).catch((error: NodeJS.ErrnoException) =>
    fail(
      error.code === 'ENOENT'
        ? 'does not exist'
        : `cannot be read (${error.code ?? 'unknown error'})`,
    ),
  );
  const first = utils.parseKey(key);
  if (!(first instanceof Error)) {
    const [parsed]: readonly (ParsedKey | undefined)[] = [first].flat();
    if (parsed?.isPrivateKey() !== true) return fail('is a public key; the private one is needed');
    return { key, passphrase: undefined };
  }
  if (!/passphrase|encrypted/i.test(first.message)) return fail(`cannot be read: ${first.message}`);
  for (let left = TRIES; left > 0; left -= 1) {
    const passphrase = await askPassphrase(file);
    if (passphrase === undefined) return undefined;
    if (!(utils.parseKey(key, passphrase) instanceof Error)) return { key, passphrase };
  }
  return fail('was not opened: the passphrase is wrong');
}
