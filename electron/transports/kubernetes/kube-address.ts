import { TransportError } from '../transport';
import type { KubeContext } from './kubeconfig';

/** Where `kube://` leads: a context (undefined: the current one) and perhaps a node in it. */
export interface KubeAddress {
  readonly context: string | undefined;
  readonly node: string | undefined;
}

/**
 * Reads `kube://CONTEXT` or `kube://CONTEXT/NODE`; `kube:///NODE` is a node of the current context.
 * Names of contexts may hold slashes, so what is before the last one counts only where it is known.
 * @throws TransportError for a context that is not there
 */
export function kubeAddress(text: string, contexts: readonly KubeContext[]): KubeAddress {
  const bare = decoded(text.replace(/^kube:\/\//i, ''));
  const known = (name: string): boolean => contexts.some((each) => each.name === name);
  if (bare === '' || bare === '/') return { context: undefined, node: undefined };
  for (const name of [bare, bare.replace(/\/$/, '')])
    if (known(name)) return { context: name, node: undefined };
  const at = bare.lastIndexOf('/');
  const context = bare.slice(0, Math.max(0, at));
  const node = bare.slice(at + 1);
  if (at === 0) return { context: undefined, node };
  if (at > 0 && node !== '' && known(context)) return { context, node };
  const all = contexts.map((each) => each.name).join(', ');
  throw new TransportError(
    'configuration',
    `There is no context for "${text}" in the kubeconfig; it has ${all === '' ? 'none' : all}.`,
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
