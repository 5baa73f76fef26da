import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/*
 * What the fake Windows node does when a packet capture is begun or ended on it. What is on the node
 * (a session, filters, scheduled tasks, folders, by the number of their capture) is kept in a file
 * beside its settings, SETTINGS.json.node, so that tests see what was left there. Settings `capture`:
 *   tool      pktmon, or netsh as where Windows is too old for it (pktmon)
 *   packets   a pcapng that it has captured
 *   text      what pktmon prints of it
 *   busy      what of somebody else's is there: pktmon, netsh or filter
 *   noTask    scheduled tasks cannot be registered
 *   breakIn   the connection dies in this section, after its work was done on the node
 *   breaks    so many times (1)
 *   later     seconds that its clock is ahead: tasks that are due by then have run
 */

/** @param answer prints a frame: section, file, content, state, notes */
export async function replayCapture(script, given, settingsFile, { answer, die }) {
  const settings = JSON.parse(readFileSync(settingsFile, 'utf8')).capture ?? {};
  const { tool = 'pktmon' } = settings;
  const file = `${settingsFile}.node`;
  const nothing = { session: null, filters: [], tasks: {}, folders: [], breaks: 0, did: [] };
  const node = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : nothing;
  const now = Date.now() / 1000 + (settings.later ?? 0);
  const [{ id, seconds, address, port, protocol }] = given.capture;
  const did = (what) => {
    node.did.push(what);
    writeFileSync(file, JSON.stringify(node));
  };
  const stop = (of) => {
    if (node.session?.id === of) node.session = null;
    node.filters = node.filters.filter((each) => each !== of);
    did(`stop ${of}`);
  };
  const remove = (of) => {
    stop(of);
    node.folders = node.folders.filter((each) => each !== of);
    delete node.tasks[of];
    did(`remove ${of}`);
  };
  for (const [of, at] of Object.entries(node.tasks)) if (at <= now) remove(of);

  const tell = async (section, path, content, state = 'ok', notes = []) => {
    if (settings.breakIn === section && node.breaks < (settings.breaks ?? 1)) {
      node.breaks += 1;
      did(`break in ${section}`);
      return die(section, path, content);
    }
    await answer(section, path, content, state, notes);
  };
  const json = (section, value) =>
    tell(section, `${section}.json`, Buffer.from(`${JSON.stringify(value)}\n`));
  const none = (section, path, note) => tell(section, path, Buffer.alloc(0), 'missing', [note]);
  const no = (note) =>
    tell('capture-start', 'capture-start.json', Buffer.alloc(0), 'error', [note]);

  if (/^Section capture-start /m.test(script)) {
    if (settings.busy === 'pktmon' || node.session !== null)
      return no(
        'refused: Packet Monitor is already running on this node (pktmon status tells more)',
      );
    if (settings.busy === 'netsh')
      return no(
        'refused: a netsh trace is already running on this node (netsh trace show status tells more)',
      );
    if (settings.busy === 'filter')
      return no(
        'refused: Packet Monitor has filters on this node that are not ours to remove (pktmon filter list shows them)',
      );
    if (settings.noTask) return no('Access is denied.');
    node.tasks[id] = now + seconds;
    node.folders.push(id);
    if (address ?? port ?? protocol) node.filters.push(id);
    node.session = { id, tool };
    did(`start ${id}`);
    return json('capture-start', { tool, folder: `C:\\Windows\\Temp\\${id}`, task: id, notes: [] });
  }

  const { include = [] } = given;
  const wanted = (section) => include.length === 0 || include.includes(section);
  const there = node.folders.includes(id);
  if (wanted('capture-stop')) {
    if (there) node.tasks[id] = now + seconds;
    stop(id);
    await json('capture-stop', { found: there, bytes: 1000, tool });
  }
  const monitor = there && tool === 'pktmon';
  if (wanted('capture-packets')) {
    if (monitor) await tell('capture-packets', 'capture.pcapng', readFileSync(settings.packets));
    else
      await none(
        'capture-packets',
        'capture.pcapng',
        'missing: there is no trace of Packet Monitor to convert',
      );
  }
  if (wanted('capture-text')) {
    if (monitor) await tell('capture-text', 'capture.txt', Buffer.from(settings.text ?? ''));
    else
      await none(
        'capture-text',
        'capture.txt',
        'missing: there is no trace of Packet Monitor to convert',
      );
  }
  if (wanted('capture-trace')) {
    if (there && !monitor) await tell('capture-trace', 'capture.etl', Buffer.alloc(4096, 7));
    else await none('capture-trace', 'capture.etl', 'missing: it was converted');
  }
  if (wanted('capture-cleanup')) {
    remove(id);
    await json('capture-cleanup', { clean: true, left: [] });
  }
}
