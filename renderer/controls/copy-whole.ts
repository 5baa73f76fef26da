/**
 * Copies names that are shown in two parts (cut in their middle) as the one word they are: the parts
 * are boxes beside each other, between which a copy would have a line end.
 */
export function copyNamesWhole(within: Document): void {
  within.addEventListener('copy', (event) => {
    const selection = within.getSelection();
    if (event.clipboardData === null || selection === null || selection.rangeCount === 0) return;
    const text = wholeText(within, selection.getRangeAt(0));
    if (text === undefined) return;
    event.clipboardData.setData('text/plain', text);
    event.preventDefault();
  });
}

/** The text of a range that holds such names; undefined where it holds none. */
function wholeText(within: Document, range: Range): string | undefined {
  const { commonAncestorContainer: root } = range;
  const inside = (root instanceof Element ? root : root.parentElement)?.closest('.middle');
  const copied = range.cloneContents();
  if (inside !== null && inside !== undefined) return copied.textContent;
  const names = copied.querySelectorAll('.middle');
  if (names.length === 0) return undefined;
  for (const name of names) name.replaceWith(name.textContent);
  // Line ends are where they are shown, so it has to be shown.
  const sheet = within.createElement('div');
  sheet.className = 'copy-sheet';
  sheet.append(copied);
  within.body.append(sheet);
  const text = sheet.innerText;
  sheet.remove();
  return text;
}
