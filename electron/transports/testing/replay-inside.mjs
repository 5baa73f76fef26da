import { readFileSync } from 'node:fs';
import path from 'node:path';

/*
 * What programs of Windows print inside of a container of the fake node, and what the node itself is
 * told by a DNS server. Pods and their addresses are those of the folder that is replayed.
 */

const ANSWER = '10.96.0.1';

/** Lines and exit code of a program inside of a container. */
export function insideContainer(ask, settings, isDown) {
  if (settings.nanoServer?.some((id) => ask.container.startsWith(id))) return noProgram(ask);
  switch (ask.program) {
    case 'ipconfig':
      return { lines: ipconfig(addressOf(ask.container, settings.folder)), exit: 0 };
    case 'nslookup':
      return nslookup(ask, isDown);
    default:
      return curl(ask, isDown);
  }
}

/** What Resolve-DnsName prints on the node, its command before it. */
export function hostLookup({ name, server }, isDown) {
  const plain = name.replace(/\.$/, '');
  return [
    `PS C:\\> Resolve-DnsName -Name ${name} -Server ${server} -Type A -DnsOnly`,
    ...(isDown(server)
      ? [`Resolve-DnsName : ${plain} : This operation returned because the timeout period expired`]
      : [
          '',
          'Name                                           Type   TTL   Section    IPAddress',
          '----                                           ----   ---   -------    ---------',
          `${plain.padEnd(46)} A      5     Answer     ${ANSWER}`,
        ]),
  ];
}

const noProgram = ({ container, program }) => ({
  lines: [
    `OCI runtime exec failed: exec failed: container ${container} encountered an error during hcs::System::CreateProcess: failure in a Windows system call: The system cannot find the file specified. (0x2) {"CommandLine":"${program}.exe"}: unknown`,
  ],
  exit: 126,
});

function addressOf(container, folder) {
  const pods = readFileSync(path.join(folder, 'pods.json'));
  const text = pods[0] === 0xff ? pods.subarray(2).toString('utf16le') : pods.toString('utf8');
  const pod = JSON.parse(text).items.find(({ status }) =>
    status.containerStatuses?.some(({ containerID }) => containerID?.includes(container)),
  );
  return pod?.status.podIP ?? '169.254.1.1';
}

const ipconfig = (address) => [
  '',
  'Windows IP Configuration',
  '',
  '   Host Name . . . . . . . . . . . . : win-webserver',
  '   Primary Dns Suffix  . . . . . . . :',
  '   Node Type . . . . . . . . . . . . : Hybrid',
  '   DNS Suffix Search List. . . . . . : default.svc.cluster.local',
  '                                       svc.cluster.local',
  '                                       cluster.local',
  '',
  'Ethernet adapter vEthernet (Ethernet 2):',
  '',
  '   Connection-specific DNS Suffix  . : default.svc.cluster.local',
  '   Description . . . . . . . . . . . : Hyper-V Virtual Ethernet Adapter #2',
  '   DHCP Enabled. . . . . . . . . . . : No',
  `   IPv4 Address. . . . . . . . . . . : ${address}(Preferred)`,
  '   Subnet Mask . . . . . . . . . . . : 255.255.255.0',
  `   Default Gateway . . . . . . . . . : ${address.replace(/\d+$/, '2')}`,
  '   DNS Servers . . . . . . . . . . . : 10.96.0.10',
];

function nslookup({ name, server }, isDown) {
  const at = server === '' ? '10.96.0.10' : server;
  const head = ['Server:  UnKnown', `Address:  ${at}`, ''];
  if (!isDown(at))
    return {
      lines: [...head, `Name:    ${name.replace(/\.$/, '')}`, `Address:  ${ANSWER}`],
      exit: 0,
    };
  const timedOut = ['DNS request timed out.', '    timeout was 2 seconds.'];
  return {
    lines: [...timedOut, ...head, ...timedOut, '*** Request to UnKnown timed-out'],
    exit: 1,
  };
}

function curl({ host, port }, isDown) {
  if (isDown(host))
    return {
      lines: [
        `*   Trying ${host}:${port}...`,
        '* Connection timed out after 3012 milliseconds',
        '* Closing connection',
      ],
      exit: 28,
    };
  return {
    lines: [
      `*   Trying ${host}:${port}...`,
      `* Connected to ${host} (${host}) port ${port}`,
      '* Operation timed out after 4001 milliseconds with 0 bytes received',
      '* Closing connection',
    ],
    exit: 28,
  };
}
