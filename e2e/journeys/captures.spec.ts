import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pcapngSection } from '../../shared/synthetic/capture-file';
import * as p from '../../shared/synthetic/packets';
import { dropPaths, launch, type RunningApp } from '../app';
import { seriousViolations } from '../axe';
import { eventually } from '../eventually';
import { goToStep, openSample, rail, startOver } from '../window';

/* A capture from the list of its flows to one byte, and on to the trace. */

const sample = 'Pods of one peer are out of reach';
let running: RunningApp;
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'workbench-captures-'));
  // What the window starts as Wireshark is a program that notes what it was given.
  const wireshark = path.join(folder, 'wireshark');
  await writeFile(wireshark, '#!/bin/sh\nprintf "%s\\n" "$@" > "$0.started"\n');
  await chmod(wireshark, 0o755);
  running = await launch({ env: { PATH: `${folder}:${process.env.PATH ?? ''}` } });
});
afterAll(async () => {
  await running.close();
  await rm(folder, { recursive: true });
});

const flows = (): Locator => running.page.getByRole('grid', { name: 'Flows' });
const rowsOf = (grid: Locator): Locator => grid.locator('.grid-body > [role=row]');
const filter = (): Locator => running.page.getByRole('combobox', { name: 'Filter flows' });
const tree = (): Locator => running.page.getByRole('tree', { name: 'Layers of the packet' });
const bytes = (): Locator => running.page.getByRole('group', { name: 'Bytes of the packet' });

describe('a sample with a capture', () => {
  test('shows what never worked first', async () => {
    await openSample(running.page, sample);
    await goToStep(running.page, 8, 'Captures');
    await running.page.getByText(/256 packets · 29 flows/).waitFor();
    await expect
      .poll(() => rowsOf(flows()).first().innerText())
      .toMatch(/unanswered[^]*10\.244\.17\.50:80/);
  });

  test('is filtered as one types, with names of the node offered', async () => {
    const { page } = running;
    await filter().pressSequentially('service kube');
    await page.getByRole('option', { name: 'kube-system/kube-dns' }).waitFor();
    // What is offered for the last letter may still be on its way: a choice is made of that.
    const chosen = page
      .getByRole('listbox', { name: 'What may be written here' })
      .getByRole('option', { selected: true });
    await eventually(async () => {
      await page.keyboard.press('ArrowDown');
      expect(await chosen.count()).toBe(1);
    });
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => filter().inputValue())
      .toMatch(/^service (kube-system\/kube-dns|default\/kubernetes) $/);
    await filter().fill('service kube-dns');
    await page.keyboard.press('Enter');
    await page.getByText('6 of 29 flows').waitFor();
  });

  test('says what is no filter, and what may have been meant', async () => {
    const { page } = running;
    await filter().fill('unanswred');
    await page.keyboard.press('Escape');
    await page.getByText(/unanswred is no word of a filter/).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'unanswered', exact: true }).click();
    await page.getByText('1 of 29 flows').waitFor();
    await page.keyboard.press('Escape');
  });

  test('a flow shows its packets, and one packet on its way through the node, by keyboard', async () => {
    const { page } = running;
    await flows().focus();
    await page.keyboard.press('Home');
    const packets = page.getByRole('grid', { name: 'Packets' });
    await rowsOf(packets).nth(3).getByText('sent again').waitFor();
    const way = page.getByRole('list', { name: 'Where this packet was seen' });
    await expect
      .poll(() => way.innerText())
      .toMatch(/Container NIC[^]*External port[^]*MAC rewritten[^]*Ethernet/);
    await packets.focus();
    await page.keyboard.press('ArrowDown');
    await page.getByText(/^Packet 186 /).waitFor();
    await tree().focus();
    await page.keyboard.press('End');
    await expect.poll(() => bytes().locator('.marked').count()).toBeGreaterThan(0);
    expect(await seriousViolations(page)).toEqual([]);
  });

  test('a finding of the capture leads to the packet it cites', async () => {
    const { page } = running;
    await goToStep(page, 8, 'Findings');
    const cited = page.getByRole('button', { name: /^packets\.pcapng packet \d+$/ }).first();
    const number = /\d+$/.exec((await cited.textContent()) ?? '')?.[0] ?? '';
    await cited.click();
    await page.getByText(new RegExp(`^Packet ${number} `)).waitFor();
    await page.getByRole('region', { name: 'Packets of the flow' }).waitFor();
    await filter().fill('unanswered');
    await page.keyboard.press('Enter');
    await flows().focus();
    await page.keyboard.press('Home');
    await tree().waitFor();
  });

  test('a byte leads to its field', async () => {
    await bytes().locator('.bytes > span').nth(23).click();
    await tree().getByRole('treeitem', { selected: true, name: 'Protocol TCP (6)' }).waitFor();
    await bytes().focus();
    await running.page.keyboard.press('ArrowRight');
    await tree()
      .getByRole('treeitem', { selected: true, name: /^Checksum/ })
      .waitFor();
  });

  test('the flow is followed to its trace, which finds the same', async () => {
    const { page } = running;
    await page.getByRole('button', { name: 'Trace this flow' }).click();
    await page.getByRole('tabpanel', { name: 'Trace' }).waitFor();
    await expect
      .poll(() => page.locator('[data-flow-end=to]').inputValue())
      .toMatch(/10\.244\.17\.50:80|win-webserver/);
    await page.keyboard.press('Control+8');
    await goToStep(page, 8, 'Captures');
    await expect.poll(() => filter().inputValue()).toBe('unanswered');
  });

  test('a span of time is drawn over the bars, and taken back', async () => {
    const { page } = running;
    await filter().fill('');
    await page.keyboard.press('Enter');
    await page.getByText('29 flows', { exact: true }).waitFor();
    const bars = page.locator('.time-bars');
    // The pointer is put there once the bars stand still.
    await bars.hover();
    const box = await bars.boundingBox();
    if (box === null) throw new Error('there are no bars');
    await page.mouse.move(box.x + box.width * 0.62, box.y + 8);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.8, box.y + 8, { steps: 4 });
    await page.mouse.up();
    await page.getByText(/^\d of 29 flows$/).waitFor();
    await page.getByRole('button', { name: 'Whole time' }).click();
    await page.getByText('29 flows', { exact: true }).waitFor();
    await page.getByRole('slider', { name: 'From' }).focus();
    for (let presses = 0; presses < 5; presses += 1) await page.keyboard.press('ArrowRight');
    await page.getByText(/^\d+ of 29 flows$/).waitFor();
    await page.getByRole('button', { name: 'Whole time' }).click();
  });

  test('opens in Wireshark', async () => {
    await running.page.getByRole('button', { name: 'Open in Wireshark' }).click();
    const started = path.join(folder, 'wireshark.started');
    await eventually(async () =>
      expect((await readFile(started, 'utf8')).split('\n').slice(0, 2)).toEqual([
        '-r',
        expect.stringMatching(/broken-inter-node-l2bridge.packets\.pcapng$/),
      ]),
    );
    await startOver(running.page);
  });
});

test('a bundle without a capture says how to make one', async () => {
  const { page } = running;
  await openSample(page, 'A service loses a backend on one pod');
  await goToStep(page, 8, 'Captures');
  await page.getByText(/pktmon start --capture/).waitFor();
  await startOver(page);
});

test('a trace of Windows says how to convert it', async () => {
  const { page } = running;
  const trace = path.join(folder, 'server.etl');
  await writeFile(trace, new Uint8Array(8192));
  await dropPaths(page, [trace]);
  await rail(page).waitFor();
  await goToStep(page, 8, 'Captures');
  await page.getByText('pktmon etl2pcap server.etl --out pktmon.pcapng').waitFor();
  await page.getByText('etl2pcapng.exe server.etl server.pcapng').waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await startOver(page);
});

test('120,000 flows stay smooth', async () => {
  const { page } = running;
  const file = path.join(folder, 'many.pcapng');
  await writeFile(file, manyFlows(120_000));
  await dropPaths(page, [file]);
  await rail(page).waitFor();
  await goToStep(page, 8, 'Captures');
  await page.getByText('120,000 flows', { exact: true }).waitFor();
  await flows().focus();
  const begun = Date.now();
  await page.keyboard.press('End');
  await page.getByText('10.1.212.191:57151').first().waitFor();
  const jumped = Date.now() - begun;
  await filter().fill('port 57151 and not reset');
  await page.keyboard.press('Enter');
  await page.getByText(/^[\d,]+ of 120,000 flows$/).waitFor();
  // Generous: other work shares the machine. What freezes takes far longer.
  expect(jumped).toBeLessThan(3000);
  await expect.poll(() => page.getByRole('row').count()).toBeLessThan(120);
  await startOver(page);
});

/** A SYN each of as many flows. */
function manyFlows(count: number): Uint8Array {
  return pcapngSection(
    Array.from({ length: count }, (_, n) => {
      const ends = {
        source: `10.1.${(n >> 8) & 0xff}.${n & 0xff}`,
        destination: '10.96.0.10',
        sourcePort: 49152 + (n % 8000),
        destinationPort: 80,
      };
      const segment = p.tcp(ends, { flags: 2, sequence: n });
      const ip = p.ip(ends.source, ends.destination, 6, segment, { id: n & 0xffff });
      return {
        bytes: p.ethernet('00-15-5d-00-00-01', '00-15-5d-00-00-02', 0x0800, ip),
        time: 1_700_000_000_000_000_000n + BigInt(n) * 1000n,
      };
    }),
  );
}
