import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { zipOf } from '../../electron/sources/testing/archives';
import { dropPaths, launch, projectFolder, type RunningApp } from '../app';
import { messages, openSample, rail, sampleFolder, startOver, welcome } from '../window';

/* What is dropped on the window is opened, or the window says plainly why not. */

const title = '10.244.19.29 does not reach all backends of 10.102.220.146:80/TCP';
let running: RunningApp;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'workbench-intake-'));
  running = await launch();
});
afterEach(async () => {
  expect(running.complaints).toEqual([]);
  await startOver(running.page);
});
afterAll(async () => {
  await running.close();
  await rm(folder, { recursive: true, force: true });
});

/** Files of a folder, by their paths in it. */
async function filesOf(root: string): Promise<{ name: string; data: Buffer }[]> {
  const files: { name: string; data: Buffer }[] = [];
  for (const name of (await readdir(root, { recursive: true })).sort()) {
    const file = path.join(root, name);
    if ((await stat(file)).isFile()) files.push({ name, data: await readFile(file) });
  }
  return files;
}

async function sampleZip(): Promise<Buffer> {
  const files = await filesOf(sampleFolder('broken-services-l2bridge'));
  return zipOf(files.map(({ name, data }) => ({ name: `logs/${name}`, data })));
}

async function seesTheBrokenService(): Promise<void> {
  const { page } = running;
  await rail(page).getByRole('button', { name: title }).waitFor();
  // The finding itself is what one looks at first.
  await page.getByRole('main').getByRole('article', { name: title }).waitFor();
}

async function seesThatItFailed(name: string): Promise<string> {
  const failed = running.page
    .getByRole('alert')
    .filter({ hasText: 'could not be opened' })
    .filter({ hasText: name });
  await failed.waitFor();
  return (await failed.innerText()).replace(/\s+/g, ' ');
}

describe('dropped on the welcome screen', () => {
  test('a folder is analysed and its worst finding shown', async () => {
    await dropPaths(running.page, [sampleFolder('broken-services-l2bridge')]);
    await seesTheBrokenService();
    const { length } = await filesOf(sampleFolder('broken-services-l2bridge'));
    await running.page.getByText(new RegExp(`\\b${length} files read`)).waitFor();
  });

  test('a zip of the folder says the same', async () => {
    const file = path.join(folder, 'node.zip');
    await writeFile(file, await sampleZip());
    await dropPaths(running.page, [file]);
    await seesTheBrokenService();
  });

  test('folders of two nodes are two nodes', async () => {
    const { page } = running;
    await dropPaths(page, [
      sampleFolder('healthy-overlay'),
      sampleFolder('broken-services-l2bridge'),
    ]);
    // The one that is broken is on screen, whichever came first.
    await seesTheBrokenService();
    await page.getByRole('button', { name: /^Node .*, one of 2$/ }).click();
    const nodes = page.getByRole('menu', { name: /^Node / }).getByRole('menuitemradio');
    await expect.poll(() => nodes.count()).toBe(2);
    await page.keyboard.press('Escape');
  });

  test('a bundle of one file is remembered as one of which little was checked', async () => {
    const { page } = running;
    const one = path.join(folder, 'only-endpoints');
    await mkdir(one, { recursive: true });
    const endpoints = await readFile(path.join(sampleFolder('healthy-l2bridge'), 'endpoint.txt'));
    await writeFile(path.join(one, 'endpoint.txt'), endpoints);
    await dropPaths(page, [one]);
    await rail(page).waitFor();
    await startOver(page);
    await page
      .getByRole('region', { name: 'Recent' })
      .getByRole('button', { name: /^only-endpoints little checked/ })
      .waitFor();
  });

  test('an archive inside of a bundle is named, and opened when asked as part of its node', async () => {
    const { page } = running;
    const files = await filesOf(sampleFolder('broken-services-l2bridge'));
    const isVfp = ({ name }: { readonly name: string }): boolean => name === 'vfpOutput.txt';
    const inner = zipOf(files.filter(isVfp));
    const file = path.join(folder, 'with-archive.zip');
    const rest = files.filter((each) => !isVfp(each));
    await writeFile(file, zipOf([...rest, { name: 'vfp.zip', data: inner }]));
    await dropPaths(page, [file]);
    await rail(page).getByRole('button', { name: 'No fault found' }).waitFor();
    await page.getByRole('button', { name: '1 archive inside not opened' }).click();
    await page
      .getByRole('main')
      .getByRole('button', { name: /vfp\.zip$/ })
      .click();
    await rail(page).getByRole('button', { name: title }).waitFor();
    expect(await page.getByRole('button', { name: /one of 2$/ }).count()).toBe(0);
    await messages(page).getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: '1 archive inside not opened' }).waitFor();
  });

  test('a zip that ends in the middle is said to be damaged, or read as far as it goes', async () => {
    const whole = await sampleZip();
    const file = path.join(folder, 'cut.zip');
    await writeFile(file, whole.subarray(0, Math.floor(whole.length / 2)));
    await dropPaths(running.page, [file]);
    // What lies before the cut is read; that the rest is missing is on screen all the time.
    await rail(running.page).waitFor();
    await running.page.getByRole('button', { name: /refused/ }).click();
    const refused = running.page.getByRole('dialog', { name: 'Refused while opening' });
    await refused
      .getByText(/cut\.zip/)
      .first()
      .waitFor();
  });

  test('a file that only claims to be a zip is refused in words', async () => {
    const file = path.join(folder, 'garbage.zip');
    await writeFile(file, Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 97) % 256)));
    await dropPaths(running.page, [file]);
    expect(await seesThatItFailed('garbage.zip')).toMatch(/zip|archive/i);
    await running.page.getByRole('button', { name: 'Back to start' }).click();
    await welcome(running.page).waitFor();
  });

  test('a picture is said to be no bundle', async () => {
    await dropPaths(running.page, [path.join(projectFolder, 'assets/icons/256x256.png')]);
    const said = await seesThatItFailed('256x256.png');
    expect(said).toMatch(/picture|image|PNG|binary/i);
    expect(said).toMatch(/A bundle is the folder that collectlogs\.ps1 made/);
  });

  test('a folder of program sources is said to be no bundle', async () => {
    await dropPaths(running.page, [path.join(projectFolder, 'renderer/frame')]);
    expect(await seesThatItFailed('frame')).toMatch(/is not a bundle: no file in it is known/);
  });

  test('an empty folder is said to be empty', async () => {
    const empty = path.join(folder, 'empty');
    await mkdir(empty, { recursive: true });
    await dropPaths(running.page, [empty]);
    expect(await seesThatItFailed('empty')).toMatch(/empty|no files/i);
  });
});

test('command output that is pasted with nothing open is a case of its own', async () => {
  const { page } = running;
  await welcome(page).waitFor();
  const text = await readFile(
    path.join(sampleFolder('broken-services-l2bridge'), 'ip.txt'),
    'utf16le',
  );
  await page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  }, text);
  await rail(page).waitFor();
  await page.getByText(/\b1 file read/).waitFor();
});

test('text that is no command output is refused under its name', async () => {
  const { page } = running;
  await welcome(page).waitFor();
  await page.evaluate(() => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', 'good morning');
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  });
  expect(await seesThatItFailed('Pasted text')).not.toBe('');
});

describe('dropped on an open case', () => {
  test('a corrupt zip is refused, and what was open is still there', async () => {
    const { page } = running;
    await openSample(page, 'A service loses a backend on one pod');
    await seesTheBrokenService();
    const file = path.join(folder, 'corrupt.zip');
    await writeFile(file, Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(3000, 0x5a)]));

    await dropPaths(page, [file]);
    const dialog = page.getByRole('dialog', { name: 'Add evidence' });
    await dialog
      .getByRole('alert')
      .filter({ hasText: /corrupt\.zip.*damaged/ })
      .waitFor();
    await dialog.getByRole('button', { name: 'Open as a new case instead' }).click();
    expect(await seesThatItFailed('corrupt.zip')).toMatch(/zip|archive/i);
    await page.getByRole('button', { name: /^Back to / }).click();
    await seesTheBrokenService();
  });

  test('another bundle can be opened instead', async () => {
    const { page } = running;
    await openSample(page, 'Healthy node, flannel vxlan');
    await dropPaths(page, [sampleFolder('broken-services-l2bridge')]);
    const dialog = page.getByRole('dialog', { name: 'Add evidence' });
    await dialog.getByRole('button', { name: 'Open as a new case instead' }).click();
    await seesTheBrokenService();
  });
});
