import { describe, expect, it } from 'vitest';
import { processFilterOf } from './process-filter';
import { processesParser } from './processes';
import { factsOf, parseText, scoreOf, survivesEveryCut, unaccounted } from './testing/accounting';

const FINDSTR = `PS C:\\Users\\Administrator> ps | findstr "kube flanneld"
    276      16    24148      27392       0.39   1568   2 flanneld
    347      21    42164      56220       1.86   4708   2 kubelet
    239      18    23320      28436              8136   2 kube-proxy
`;

const TABLE = `
Handles  NPM(K)    PM(K)      WS(K)     CPU(s)     Id  SI ProcessName
-------  ------    -----      -----     ------     --  -- -----------
    276      16    24148      27392       0.39   1568   2 flanneld
    347      21    42164      56220       1.86   4708   2 kubelet
   1200      40    12000      30000      12.10    900   0 svchost
`;

const TASKLIST = `
Image Name                     PID Session Name        Session#    Mem Usage
========================= ======== ================ =========== ============
System Idle Process              0 Services                   0          8 K
svchost.exe                    900 Services                   0     30,000 K
kubelet.exe                   4708 Services                   0     56,220 K
`;

const LIST = `
Name        : kubelet.exe
ProcessId   : 4708
CommandLine : "C:\\k\\kubelet.exe" --hostname-override=node1 --cluster-dns=10.96.0.10

Name        : kube-proxy.exe
ProcessId   : 8136
CommandLine :
`;

const WMIC =
  'CommandLine=C:\\k\\kubelet.exe --v=6\nName=kubelet.exe\nProcessId=4708\n\n\nCommandLine=\nName=svchost.exe\nProcessId=900\n';

const fact = (text: string) => factsOf(parseText(processesParser, text).facts, 'processes')[0];
const names = (text: string) => fact(text)?.items.map(({ name, pid }) => [name, pid]);

describe('process lists', () => {
  it('reads rows that findstr left, and what was searched for', () => {
    expect(names(FINDSTR)).toEqual([
      ['flanneld', 1568],
      ['kubelet', 4708],
      ['kube-proxy', 8136],
    ]);
    expect(fact(FINDSTR)).toMatchObject({ complete: false, filter: ['kube', 'flanneld'] });
    expect(unaccounted(FINDSTR, parseText(processesParser, FINDSTR))).toEqual([]);
  });

  it('takes a search without hits as evidence', () => {
    expect(fact('PS C:\\> ps | findstr kube-proxy\nPS C:\\> \n')).toMatchObject({
      items: [],
      filter: ['kube-proxy'],
    });
    const error = `PS C:\\> Get-Process kubelet\nGet-Process : Cannot find a process with the name "kubelet". Verify the process name and call the cmdlet again.\nAt line:1 char:1\n+ Get-Process kubelet\n+ ~~~~~~~~~~~~~~~~~~~\n    + CategoryInfo          : ObjectNotFound: (kubelet:String) [Get-Process], ProcessCommandException\n`;
    expect(fact(error)).toMatchObject({ items: [], complete: false, filter: ['kubelet'] });
    expect(unaccounted(error, parseText(processesParser, error))).toEqual([]);
  });

  it('speaks only for the names shown where the search is not known', () => {
    expect(fact(FINDSTR.split('\n').slice(1).join('\n'))).toMatchObject({
      complete: false,
      filter: ['flanneld', 'kubelet', 'kube-proxy'],
    });
  });

  it('takes a list with system processes as whole', () => {
    expect(fact(TABLE)?.complete).toBe(true);
    expect(fact(TASKLIST)?.complete).toBe(true);
    expect(names(TASKLIST)?.at(-1)).toEqual(['kubelet.exe', 4708]);
    expect(fact(TABLE)?.items[1]).toMatchObject({
      name: 'kubelet',
      cpuSeconds: 1.86,
      workingSetBytes: 56220 * 1024,
    });
  });

  it('reads command lines', () => {
    expect(fact(LIST)?.items[0]?.commandLine).toContain('--cluster-dns=10.96.0.10');
    expect(fact(LIST)?.items[1]?.commandLine).toBeUndefined();
    expect(fact(WMIC)?.items.map(({ name, commandLine }) => [name, commandLine])).toEqual([
      ['kubelet.exe', 'C:\\k\\kubelet.exe --v=6'],
      ['svchost.exe', undefined],
    ]);
  });

  it('reads CSV of tasklist', () => {
    expect(
      names(
        '"Image Name","PID","Session Name","Session#","Mem Usage"\n"kubelet.exe","4708","Services","0","56,220 K"\n',
      ),
    ).toEqual([['kubelet.exe', 4708]]);
  });

  it('takes no HNS network for a process', () => {
    const table =
      'Name  Type     ID                                   AddressPrefix\n----  ----     --                                   -------------\ncbr0  L2Bridge 7b2c4d5e-0000-0000-0000-000000000000 10.244.4.0/24\n';
    expect(scoreOf(processesParser, table)).toBe(0);
    expect(fact(table)).toBeUndefined();
  });

  it('takes a search by process id for no list of all, even where it shows svchost', () => {
    const text =
      "PS C:\\k> Get-CimInstance Win32_Process -Filter 'ProcessId=3012' | fl ProcessId, Name\n\n\nProcessId : 3012\nName      : svchost.exe\n\n";
    expect(fact(text)).toMatchObject({ complete: false, filter: [] });
  });

  it('survives every cut', () => {
    for (const text of [FINDSTR, TABLE, TASKLIST, LIST, WMIC])
      survivesEveryCut(processesParser, text);
  });
});

describe('what a process command searches for', () => {
  it.each([
    ['ps | findstr "kube flanneld"', false, ['kube', 'flanneld']],
    [
      'Get-Process kube*, flanneld, containerd -ErrorAction SilentlyContinue',
      false,
      ['kube', 'flanneld', 'containerd'],
    ],
    ['tasklist /FI "IMAGENAME eq kubelet.exe"', false, ['kubelet']],
    ['get-process | Select-String -Pattern kube', false, ['kube']],
    ['Get-Process', true, []],
    ['tasklist /v', true, []],
    ['ps | sort CPU', true, []],
    ["Get-CimInstance Win32_Process -Filter 'ProcessId=3012' | fl ProcessId, Name", false, []],
    ['Get-Process -Id 3012', false, []],
    ['wmic process where "ProcessId=3012" get Name', false, []],
  ])('%s', (command, complete, words) => {
    expect(processFilterOf(command)).toEqual({ complete, words });
  });
});
