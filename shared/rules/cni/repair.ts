import type { Remedy, Verification } from '../../model/finding';
import type { ActiveConfig } from './active-config';
import { argument } from '../commands';

/** How to repair the configuration and bring the repair to the pods: every CNI fault ends with these steps. */
export function repairConfig(active: ActiveConfig, edit: string, verify: Verification): Remedy[] {
  return [
    {
      text: `${edit} Keep the file valid JSON.`,
      command: `notepad ${argument(windowsPath(active.config.file))}`,
      disturbs: 'Nothing yet: pods that run keep what they were made with.',
      verify: {
        kind: 'command',
        command: `Get-Content ${argument(windowsPath(active.config.file))} | ConvertFrom-Json`,
        shows: 'prints the configuration without an error',
      },
    },
    {
      text: 'Make the pods of this node anew, so that their endpoints are created with the repaired configuration.',
      command: 'kubectl delete pod <pod>',
      disturbs: 'The pod is away until its replacement runs; drain the node to move all of them.',
      verify,
    },
  ];
}

/** The path as it is on a node when the bundle kept it, else the file's name in the usual folder. */
export function windowsPath(file: string): string {
  const name = file.split(/[\\/]/).pop() ?? file;
  return `C:\\k\\cni\\config\\${name}`;
}
