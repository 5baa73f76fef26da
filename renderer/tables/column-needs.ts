import type { TablePage } from '../../shared/ipc/table-schemas';
import { evidenceText } from '../controls/text';
import type { ColumnNeed } from './fit-columns';

/** Padding of a cell on both sides, and the line at a column's edge. */
const padding = 22;
const markWidth = 16;
const sourceWidth = 150;

/** Measures what the columns of a page of rows need, with the fonts of the window. */
export function columnNeeds(page: TablePage, hasSource: boolean): ColumnNeed[] {
  const context = document.createElement('canvas').getContext('2d');
  const style = getComputedStyle(document.body);
  const mono = style.getPropertyValue('--mono');
  const measure = (text: string, font: string): number => {
    if (context === null) return text.length * 7;
    context.font = font;
    return context.measureText(text).width;
  };
  const fonts = { text: `13px ${style.fontFamily}`, mono: `12px ${mono}` };
  const needs = page.columns.map((column, at): ColumnNeed => {
    let content = 0;
    // Only the longest few of each font: measuring every cell would cost more than it shows.
    for (const font of ['text', 'mono'] as const) {
      const texts = page.rows.flatMap(({ cells }) => {
        const cell = cells[at];
        return cell !== undefined && (cell.mono ?? column.mono ?? false) === (font === 'mono')
          ? [cell.text]
          : [];
      });
      const longest = texts.sort((a, b) => b.length - a.length).slice(0, 4);
      content = Math.max(content, ...longest.map((text) => measure(text, fonts[font])));
    }
    const marked = page.rows.some(({ cells }) => {
      const tone = cells[at]?.tone;
      return tone !== undefined && tone !== 'dim';
    });
    return {
      title: measure(column.title, `600 12px ${style.fontFamily}`) + padding,
      content: content + padding + (marked ? markWidth : 0),
      wanted: column.width,
    };
  });
  if (!hasSource) return needs;
  const sources = page.rows.map(({ evidence }) =>
    evidence === undefined ? '' : evidenceText(evidence),
  );
  const longest = sources.reduce((a, b) => (b.length > a.length ? b : a), '');
  const content = measure(longest, fonts.mono) + padding;
  return [...needs, { title: 60, content, wanted: sourceWidth }];
}
