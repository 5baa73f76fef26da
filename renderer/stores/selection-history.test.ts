import { describe, expect, it } from 'vitest';
import { goBack, goForward, goOn, startWalk } from './selection-history';

const same = (a: string, b: string): boolean => a === b;

describe('walking through selections', () => {
  it('goes back and forward again', () => {
    const there = goOn(goOn(startWalk('a'), 'b', same), 'c', same);
    const back = goBack(goBack(there));
    expect(back.present).toBe('a');
    expect(goForward(back).present).toBe('b');
    expect(goForward(goForward(back)).present).toBe('c');
  });

  it('stays at either end', () => {
    const walk = startWalk('a');
    expect(goBack(walk)).toBe(walk);
    expect(goForward(walk)).toBe(walk);
  });

  it('forgets what lay ahead when it goes elsewhere', () => {
    const walk = goOn(goBack(goOn(startWalk('a'), 'b', same)), 'c', same);
    expect(walk.present).toBe('c');
    expect(walk.future).toEqual([]);
    expect(goBack(walk).present).toBe('a');
  });

  it('does not remember the same place twice in a row', () => {
    expect(goOn(startWalk('a'), 'a', same).past).toEqual([]);
  });

  it('keeps a bounded past', () => {
    let walk = startWalk('start');
    for (let at = 0; at < 1000; at += 1) walk = goOn(walk, String(at), same);
    expect(walk.past.length).toBeLessThanOrEqual(200);
    expect(goBack(walk).present).toBe('998');
  });
});
