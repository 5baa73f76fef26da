/** How far up from what the pointer is over a cut text may stand. */
const mostAncestors = 4;

/**
 * Shows text that is cut to its room whole, as a tooltip, while the pointer is on it. Texts that say
 * their own title keep it. By keyboard the inspector, the drawer and dialogs show everything.
 */
export function showWholeTextOnHover(within: Document): void {
  within.addEventListener('mouseover', ({ target }) => {
    let element = target instanceof HTMLElement ? target : null;
    for (let up = 0; element !== null && up < mostAncestors; up += 1) {
      const cut = isCut(element);
      if (cut || element.dataset.whole !== undefined) {
        titleWhole(element, cut);
        return;
      }
      element = element.parentElement;
    }
  });
}

function isCut(element: HTMLElement): boolean {
  // Reading a style is cheap, and few elements are asked for the size of what is in them.
  const { textOverflow, webkitLineClamp } = getComputedStyle(element);
  if (textOverflow === 'ellipsis' && element.scrollWidth > element.clientWidth) return true;
  return webkitLineClamp !== 'none' && element.scrollHeight > element.clientHeight;
}

/** A text cut in its middle is two elements: both are the text. */
function titleWhole(element: HTMLElement, cut: boolean): void {
  const text = (element.closest<HTMLElement>('.middle') ?? element).textContent.trim();
  const mine = element.dataset.whole !== undefined;
  if (cut && (mine || element.closest('[title]') === null)) {
    element.title = text;
    element.dataset.whole = '';
  } else if (!cut && mine) {
    element.removeAttribute('title');
    delete element.dataset.whole;
  }
}
