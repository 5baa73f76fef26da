import type { CellPosition } from './grid-keys';

/** The column with the lines a row comes from; ours, not the analysis process's. */
export const sourceColumn = '#source';

/** The element id of a cell, for the grid's active descendant. */
export function cellId(grid: string, { row, column }: CellPosition): string {
  return `${grid}-${row}-${column}`;
}
