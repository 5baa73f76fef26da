import { describe, expect, it } from 'vitest';
import { caseOf } from '../synthetic/case-of';
import { planNode } from '../synthetic/node-plan';
import { scenario } from '../synthetic/scenarios';
import { bundleOf } from '../synthetic/synthetic-node';
import { storyboard, type Storyboard } from '../trace/storyboard';
import { traceOf } from '../trace/testing/nodes';
import { reportHtml } from './html';
import { reportOf } from './testing/report-of';
import { storyboardFile, storyboardSvg } from './storyboard-svg';

const plan = planNode({ mode: 'overlay' });
const opened = caseOf(bundleOf(plan));
const outbound = { from: plan.pods[0]?.ip ?? '', to: '203.0.113.10:443' };

function told(): Storyboard {
  const story = storyboard(traceOf(outbound, opened));
  if (story === undefined) throw new Error('nothing is told');
  return story;
}

/** `told` with a sentence of the bundle's own choice in its second moment. */
const saying = (sentence: string): Storyboard => {
  const story = told();
  return {
    ...story,
    moments: story.moments.map((moment, at) => (at === 1 ? { ...moment, sentence } : moment)),
  };
};

describe('a storyboard as a picture', () => {
  it('has a panel for each moment, with what changed marked', () => {
    const story = told();
    const { text } = storyboardSvg(story);
    expect(text.match(/class="panel/g)).toHaveLength(story.moments.length);
    expect(text).toContain('class="changed"');
    expect(text).toContain(`aria-label="${plan.pods[0]?.ip ?? ''} → 203.0.113.10:443: Delivered`);
  });

  it('stands by itself, light and dark, and loads and runs nothing', () => {
    const text = storyboardFile(told());
    expect(text).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<svg xmlns=/);
    expect(text).toContain('prefers-color-scheme:dark');
    expect(text).not.toMatch(/<script|<image|href|url\(|@import/i);
  });

  it('hostile text stays text', () => {
    const { text } = storyboardSvg(saying('</text><script>alert(1)</script> "\u202eevil" & co'));
    expect(text).not.toContain('<script');
    expect(text).not.toContain('\u202e');
    expect(text).toContain('&lt;script');
  });

  it('a long name is cut into lines that stay in their panel', () => {
    const { text } = storyboardSvg(saying(`RULE_${'A'.repeat(400)} lets it pass.`));
    const lines = [...text.matchAll(/<text x="\d+" y="\d+">([^<]*)<\/text>/g)].map(
      ([, l]) => l ?? '',
    );
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(40);
  });
});

describe('traces in the report', () => {
  const html = (input: Parameters<typeof reportHtml>[0]): string =>
    [...reportHtml(input, 0)].join('');

  it('the broken paths are drawn, a healthy node has none', () => {
    const broken = html(reportOf(scenario('broken-inter-node-overlay').bundle()));
    expect(broken).toContain('<svg class="story"');
    expect(broken).toContain('class="panel error"');
    expect(html(reportOf(scenario('healthy-l2bridge').bundle()))).not.toContain('class="story"');
  });

  it('what the user chose is drawn too, once', () => {
    const input = reportOf(scenario('healthy-l2bridge').bundle());
    const snapshot = input.case.nodes[0]?.snapshots[0];
    const ip = snapshot?.endpoints.find((e) => snapshot.links.podOf.has(e))?.ipAddresses[0] ?? '';
    const pinned = [
      { snapshotId: snapshot?.id ?? '', question: { from: ip, to: '203.0.113.10:443' } },
    ];
    expect(html({ ...input, pinned }).match(/<svg class="story"/g)).toHaveLength(1);
  });
});
