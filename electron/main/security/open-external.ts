/**
 * Protection 15: only pages of these documentation hosts are handed to the system's browser, only
 * by https, and only after the user has seen the address.
 * Source: Electron's security tutorial, point 15.
 */
const documentationHosts: ReadonlySet<string> = new Set([
  'learn.microsoft.com',
  'techcommunity.microsoft.com',
  'kubernetes.io',
  'github.com',
  'www.cni.dev',
  'docs.tigera.io',
  'docs.aws.amazon.com',
  'cloud.google.com',
  'docs.openshift.com',
  'ranchermanager.docs.rancher.com',
]);

/** The address in its normal form if it may be opened, else undefined. */
export function documentationAddress(address: string): string | undefined {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return undefined;
  }
  const allowed =
    url.protocol === 'https:' &&
    url.port === '' &&
    url.username === '' &&
    url.password === '' &&
    documentationHosts.has(url.hostname);
  return allowed ? url.href : undefined;
}
