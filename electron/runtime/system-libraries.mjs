import { existsSync } from 'node:fs';
import { read, run, say, SetupError, which } from './console.mjs';

/** What Electron needs of a Linux system, by the Debian 12 package that holds it. */
const libraries = [
  ['libnss3.so', 'libnss3'],
  ['libatk-1.0.so.0', 'libatk1.0-0'],
  ['libatk-bridge-2.0.so.0', 'libatk-bridge2.0-0'],
  ['libcups.so.2', 'libcups2'],
  ['libgtk-3.so.0', 'libgtk-3-0'],
  ['libgbm.so.1', 'libgbm1'],
  ['libasound.so.2', 'libasound2'],
  ['libdrm.so.2', 'libdrm2'],
  ['libxkbcommon.so.0', 'libxkbcommon0'],
  ['libXss.so.1', 'libxss1'],
  ['libXtst.so.6', 'libxtst6'],
];

const pythonModules = '/usr/lib/python3/dist-packages';
/** Parts that the WinRM tests check against, by the Debian package that holds them. */
const winrmPeers = [
  [`${pythonModules}/winrm/__init__.py`, 'python3-winrm'],
  [`${pythonModules}/gssapi/__init__.py`, 'python3-gssapi'],
  ['/etc/gss/mech.d/mech.ntlmssp.conf', 'gss-ntlmssp'],
  ['/usr/sbin/krb5kdc', 'krb5-kdc'],
  ['/usr/sbin/kadmin.local', 'krb5-admin-server'],
  ['/usr/bin/kinit', 'krb5-user'],
  ['/usr/bin/faketime', 'faketime'],
  // The optional package kerberos is compiled with these.
  ['/usr/include/gssapi/gssapi.h', 'libkrb5-dev'],
  ['/usr/bin/c++', 'g++'],
  ['/usr/bin/make', 'make'],
];

/**
 * Checks the system libraries, and what tests need (Xvfb, fonts, an OpenSSH server, tshark,
 * a keyring, WinRM peers, a KDC) when `headless`. Installs what is missing with
 * apt-get when run as root; otherwise fails with the command to run. Does nothing but on Linux.
 */
export async function ensureSystemLibraries({ headless }) {
  if (process.platform !== 'linux') return;
  const missing = missingPackages(headless);
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (which('apt-get') === undefined) {
    throw new SetupError(
      `Missing on this system (Debian names): ${missing.join(' ')}.\n` +
        `Next step: install the same libraries with this system's package manager, then try again.`,
    );
  }
  if (process.getuid?.() !== 0) {
    throw new SetupError(
      `Missing system packages: ${missing.join(' ')}.\nNext step: sudo ${command}`,
    );
  }
  say(`Installing missing system packages: ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const quiet = { env, stdio: ['ignore', 'ignore', 'inherit'] };
  await run('apt-get', ['update', '-qq'], quiet);
  await run('apt-get', command.split(' ').slice(1), quiet);
  const left = missingPackages(headless);
  if (left.length > 0) {
    throw new SetupError(
      `apt-get could not install: ${left.join(' ')}.\nNext step: apt-get update && ${command}`,
    );
  }
}

function missingPackages(headless) {
  const cache = read(which('ldconfig') ?? 'ldconfig', ['-p']) ?? '';
  const missing = libraries
    .filter(([file]) => !cache.includes(`\t${file} `))
    .map(([, packageName]) => packageName);
  if (headless) {
    if (which('Xvfb') === undefined) missing.push('xvfb');
    if (!existsSync('/usr/share/fonts/truetype')) missing.push('fonts-dejavu-core');
    // The peer of the SSH tests; it stands outside the path of ordinary users.
    if (which('sshd') === undefined && !existsSync('/usr/sbin/sshd')) {
      missing.push('openssh-server');
    }
    if (which('openssl') === undefined) missing.push('openssl');
    // A keyring that keeps secrets, on a bus of its own.
    if (which('dbus-send') === undefined) missing.push('dbus');
    if (which('gnome-keyring-daemon') === undefined) missing.push('gnome-keyring');
    // What the decoder of captures is checked against.
    if (which('tshark') === undefined) missing.push('tshark');
    // The peer of the Kubernetes tests. Its Debian package conflicts with a kubectl from elsewhere.
    if (which('kubectl') === undefined) missing.push('kubernetes-client');
    // Only Debian has the peers of the WinRM tests and accounts for the SSH server as packages; without
    // it these tests are left out.
    if (which('apt-get') !== undefined) {
      for (const name of ['libnss-wrapper', 'libpam-wrapper']) {
        if (!existsSync(`/usr/share/doc/${name}`)) missing.push(name);
      }
      missing.push(...winrmPeers.filter(([file]) => !existsSync(file)).map(([, name]) => name));
    }
  }
  return missing;
}
