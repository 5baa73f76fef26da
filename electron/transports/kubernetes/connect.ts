import { z } from 'zod';
import { TransportError, type StagePassed } from '../transport';
import { ApiFailure } from './api-failure';
import { ApiServer } from './api-server';
import type { Kubeconfig } from './kubeconfig';
import { pluginQuestion, type PluginConsents, type PluginQuestion } from './plugin-consents';

/** What only the operator can answer. */
export interface KubernetesQuestions {
  /** May this program run to get credentials? Asked once for each content of a kubeconfig. */
  allowPlugin(question: PluginQuestion): Promise<boolean>;
}

export interface KubernetesOptions {
  readonly consents: PluginConsents;
  readonly questions: KubernetesQuestions;
  readonly signal: AbortSignal;
  readonly onStage?: ((text: string) => void) | undefined;
  readonly onPassed?: StagePassed | undefined;
  readonly timeoutMilliseconds?: number | undefined;
}

/** An API server that answers, and what it says of itself. */
export interface KubernetesConnection {
  readonly api: ApiServer;
  readonly context: string;
  /** `v1.29.4`. */
  readonly version: string;
}

const versionBody = z.object({ gitVersion: z.string() });

/**
 * Reaches the API server of a context; the current one where none is named. Its certificate is
 * checked before a credential leaves. A credential plugin runs only once the operator has agreed to it.
 * @throws TransportError naming the stage that failed; the signal's reason when cancelled
 */
export async function connectKubernetes(
  kubeconfig: Kubeconfig,
  context: string | undefined,
  options: KubernetesOptions,
): Promise<KubernetesConnection> {
  const { consents, questions, signal, onStage, onPassed } = options;
  const access = kubeconfig.access(context);
  if (access.user.exec !== undefined) {
    const question = pluginQuestion(access, access.user.exec);
    if (!consents.has(question)) {
      if (!(await questions.allowPlugin(question)))
        throw new TransportError(
          'authentication',
          `The context "${question.context}" gets its credentials from a program that was not agreed to: ${question.command.join(' ')}. It was not run.`,
        );
      await consents.add(question);
    }
  }
  onStage?.(`connecting to ${access.context.server}`);
  const timeoutMilliseconds = options.timeoutMilliseconds ?? 30_000;
  const api = new ApiServer(access, { signal, timeoutMilliseconds });
  const answered = (): void => {
    onPassed?.('port', `${access.context.server} answers.`);
    onPassed?.('host-key', 'Its certificate is of an authority that is trusted.');
  };
  const refused = (error: unknown): unknown => {
    if (!(error instanceof ApiFailure)) throw error;
    answered();
    if (error.status === 401)
      throw new TransportError(
        'authentication',
        `The API server ${access.context.server} does not take the credentials of the user "${access.context.user}" (${error.message}). Tokens and certificates end: does kubectl still work with this context?`,
      );
    // Reading /version is a right of its own, which can be taken away.
    if (error.status === 403 && error.fromApi) return {};
    throw new TransportError(
      'channel',
      `${access.context.server} does not answer as an API server does (${error.message})`,
    );
  };
  const body = await api.json('/version', {}, signal).then((told) => {
    answered();
    return told;
  }, refused);
  const version = versionBody.safeParse(body).data?.gitVersion ?? 'an unknown version';
  const shown = version.replace(/[^\w.+-]/g, '?');
  onPassed?.('authentication', `It is Kubernetes ${shown} and takes the credentials.`);
  return { api, context: access.context.name, version: shown };
}
