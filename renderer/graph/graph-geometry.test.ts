import { describe, expect, it } from 'vitest';
import { controlPoints } from './edge-curve';
import { nearest } from './nearest';
import { bringIntoView, fitAll, fitWidth, zoomAt } from './viewport';

describe('the view of the graph', () => {
  it('fits the whole picture, and never makes it larger than life', () => {
    expect(fitAll({ width: 200, height: 100 }, { width: 1000, height: 600 }).zoom).toBe(1);
    const { zoom, x, y } = fitAll({ width: 2000, height: 3000 }, { width: 1000, height: 600 });
    expect(2000 * zoom + x).toBeLessThanOrEqual(1000);
    expect(3000 * zoom + y).toBeLessThanOrEqual(600);
  });

  it('keeps text readable in a tall picture', () => {
    const fitted = fitWidth({ width: 900, height: 30_000 }, { width: 960, height: 600 });
    expect(fitted.zoom).toBe(1);
    expect(fitted.y).toBeGreaterThan(0);
  });

  it('zooms around the pointer', () => {
    const before = { zoom: 1, x: 30, y: 40 };
    const after = zoomAt(before, 1.5, 300, 200);
    expect((300 - after.x) / after.zoom).toBeCloseTo((300 - before.x) / before.zoom);
    expect((200 - after.y) / after.zoom).toBeCloseTo((200 - before.y) / before.zoom);
  });

  it('moves only when a box is out of view', () => {
    const view = { width: 800, height: 600 };
    const at = { zoom: 1, x: 0, y: 0 };
    expect(bringIntoView(at, { x: 400, y: 300, w: 100, h: 40 }, view)).toEqual(at);
    const moved = bringIntoView(at, { x: 400, y: 2000, w: 100, h: 40 }, view);
    expect(2000 + 20 + moved.y).toBeLessThan(600);
  });
});

describe('arrow keys in the graph', () => {
  const nodes = [
    { id: 'lb1', x: 0, y: 0 },
    { id: 'lb2', x: 0, y: 50 },
    { id: 'ep1', x: 300, y: 0 },
    { id: 'ep2', x: 300, y: 50 },
  ];
  const at = (id: string): { id: string; x: number; y: number } =>
    nodes.find((node) => node.id === id) ?? { id, x: 0, y: 0 };

  it('walk columns and rows', () => {
    expect(nearest(at('lb1'), 'ArrowDown', nodes)?.id).toBe('lb2');
    expect(nearest(at('lb2'), 'ArrowRight', nodes)?.id).toBe('ep2');
    expect(nearest(at('ep2'), 'ArrowUp', nodes)?.id).toBe('ep1');
    expect(nearest(at('ep1'), 'ArrowLeft', nodes)?.id).toBe('lb1');
  });

  it('stay at the edge', () => {
    expect(nearest(at('lb1'), 'ArrowLeft', nodes)).toBeUndefined();
    expect(nearest(at('lb1'), 'ArrowUp', nodes)).toBeUndefined();
  });
});

describe('the curve of an edge', () => {
  it('leaves and arrives level', () => {
    const source = { x: 0, y: 0 };
    const target = { x: 200, y: 100 };
    const { weights, distances } = controlPoints(source, target);
    const points = weights.map((weight, index) => {
      const length = Math.hypot(200, 100);
      const distance = distances[index] ?? 0;
      return {
        x: weight * 200 - (100 / length) * distance,
        y: weight * 100 + (200 / length) * distance,
      };
    });
    expect(points[0]?.x).toBeCloseTo(60);
    expect(points[0]?.y).toBeCloseTo(0);
    expect(points[1]?.x).toBeCloseTo(140);
    expect(points[1]?.y).toBeCloseTo(100);
  });
});
