const focusable =
  'button:not([disabled]):not([tabindex="-1"]), [href], input:not([disabled]), select, textarea, [tabindex]:not([tabindex="-1"])';

/** Moves the focus to the next region of the window (elements marked `data-region`), in order. */
export function focusNextRegion(direction: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(
    (region) => region.offsetParent !== null || region.getClientRects().length > 0,
  );
  if (regions.length === 0) return;
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const start = at < 0 && direction < 0 ? 0 : at;
  for (let step = 1; step <= regions.length; step += 1) {
    const next = regions[(start + direction * step + regions.length * 2) % regions.length];
    if (next !== undefined && focusIn(next)) return;
  }
}

/** Focuses what is current in a region, or else the first thing that takes the focus. */
function focusIn(region: HTMLElement): boolean {
  const current = region.querySelector<HTMLElement>(
    '[aria-current=page]:not([tabindex="-1"]), [role=tab][aria-selected=true]',
  );
  const target = current ?? region.querySelector<HTMLElement>(focusable);
  target?.focus({ preventScroll: false });
  return target !== null && region.contains(document.activeElement);
}
