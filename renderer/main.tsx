import { createRoot } from 'react-dom/client';
import { followCommands } from './commands/follow-keys';
import { App } from './frame/app';
import { followLive } from './live/live-actions';
import { followCase, startUp } from './stores/case-actions';
import { sentenceOf } from './bridge/call';
import { copyNamesWhole } from './controls/copy-whole';
import { showWholeTextOnHover } from './controls/whole-text';
import { say } from './stores/toasts';
import './theme/index.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element for the application');

followCase();
followLive();
followCommands();
showWholeTextOnHover(document);
copyNamesWhole(document);
createRoot(root).render(<App />);
startUp().catch((error: unknown) => say(sentenceOf(error), { tone: 'error' }));
