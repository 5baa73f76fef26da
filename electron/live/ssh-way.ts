import type { LiveTarget } from '../../shared/ipc/live';
import type { ConnectOptions, SshHop, SshQuestions } from '../transports/ssh/connect';
import { ignoredOnWay, sshHops } from '../transports/ssh/hops';
import { KnownHosts } from '../transports/ssh/known-hosts';
import { agentSocket, ownKnownHosts, userSshFile } from '../transports/ssh/operator-files';
import { SshConfig } from '../transports/ssh/ssh-config';
import type { Questions } from './questions';

type SshTarget = Extract<LiveTarget, { kind: 'ssh' }>;

/**
 * What SSH needs for a target of the window: its hops by ~/.ssh/config, known hosts of the user and
 * of this program, and the questions. What the user chose to sign in with is all that is tried, but
 * that a server's own questions are always put to them.
 */
export async function sshWay(
  target: SshTarget,
  questions: Questions,
): Promise<{
  readonly hops: readonly SshHop[];
  readonly options: Pick<ConnectOptions, 'knownHosts' | 'questions' | 'agent'>;
  /** What of ~/.ssh/config is ignored. */
  readonly notes: readonly string[];
}> {
  const config = await SshConfig.read(userSshFile('config'));
  const { host, port, user, authentication, keyFile } = target;
  const route = {
    target: { host, port: port ?? undefined, user: user === '' ? undefined : user },
    jumps: target.jumps,
    identities: authentication === 'key' && keyFile !== null ? [keyFile] : [],
  };
  const hops = sshHops(route, config).map((hop): SshHop =>
    authentication === 'password' ? { ...hop, identityFiles: [] } : hop,
  );
  const node = hops.at(-1);
  const knownHosts = await KnownHosts.read([userSshFile('known_hosts')], ownKnownHosts());
  return {
    hops,
    options: {
      knownHosts,
      questions: sshQuestions(target, node, questions),
      agent: authentication === 'agent' ? agentSocket() : undefined,
    },
    notes: ignoredOnWay(route, config),
  };
}

function sshQuestions(
  { authentication, keyFile }: SshTarget,
  node: SshHop | undefined,
  questions: Questions,
): SshQuestions {
  const whose = (hop: SshHop): string => `${hop.user}@${hop.host}`;
  return {
    trustHost: (host) => questions.trusts({ kind: 'trust-host', ...host }),
    password: (hop) =>
      questions.text({
        kind: 'password',
        who: whose(hop),
        own: authentication === 'password' && hop === node,
      }),
    passphrase: (file) =>
      questions.text({
        kind: 'passphrase',
        file,
        own: authentication === 'key' && file === keyFile,
      }),
    answer: (hop, prompt, echo) =>
      questions.text({
        kind: 'prompt',
        host: hop.host,
        prompt: prompt.slice(0, 500),
        echo,
        own: authentication === 'password' && hop === node && !echo && /pass/i.test(prompt),
      }),
  };
}
