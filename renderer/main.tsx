import type { WorkbenchBridge } from '../shared/ipc/contract';

// Stands in until the shell is there.
declare global {
  interface Window {
    readonly workbench: WorkbenchBridge;
  }
}

const heading = document.createElement('h1');
heading.textContent = 'HNS Workbench';
document.querySelector('#root')?.append(heading);
void window.workbench.call('app:ready', { screen: 'welcome' });
