import { describe, expect, it } from 'vitest';
import { promptAt } from './prompt';

describe('prompt lines', () => {
  it.each([
    ['PS C:\\k> hnsdiag list all', 'powershell', 'hnsdiag list all'],
    ['  PS C:\\Users\\A B> ', 'powershell', ''],
    ['[node1]: PS C:\\> Get-HnsNetwork', 'powershell', 'Get-HnsNetwork'],
    ['C:\\k>ipconfig /all', 'cmd', 'ipconfig /all'],
    ['root@master:~# kubectl get pods', 'shell', 'kubectl get pods'],
    ['azureuser@vm:~$ kubectl get svc', 'shell', 'kubectl get svc'],
  ])('reads %s', (text, shell, command) => {
    expect(promptAt(text)).toMatchObject({ shell, command });
  });

  it.each(['PSComputerName : localhost', 'Name  Id', '  a > b', 'PS', `PS ${' '.repeat(100_000)}`])(
    'leaves other text alone',
    (text) => {
      expect(promptAt(text)).toBeUndefined();
    },
  );
});
