/** A cell of a grid; row -1 is the head. */
export interface CellPosition {
  readonly row: number;
  readonly column: number;
}

/**
 * Where a key leads from a cell, undefined for a key that does not move. Keys as in the ARIA
 * Authoring Practices' grid pattern.
 */
export function nextCell(
  at: CellPosition,
  key: string,
  control: boolean,
  grid: { readonly rows: number; readonly columns: number; readonly pageRows: number },
): CellPosition | undefined {
  const lastRow = grid.rows - 1;
  const lastColumn = Math.max(0, grid.columns - 1);
  const to = (row: number, column: number): CellPosition => ({
    row: Math.max(-1, Math.min(lastRow, row)),
    column: Math.max(0, Math.min(lastColumn, column)),
  });
  switch (key) {
    case 'ArrowDown':
      return to(at.row + 1, at.column);
    case 'ArrowUp':
      return to(at.row - 1, at.column);
    case 'ArrowRight':
      return to(at.row, at.column + 1);
    case 'ArrowLeft':
      return to(at.row, at.column - 1);
    case 'PageDown':
      return to(at.row + grid.pageRows, at.column);
    case 'PageUp':
      return to(Math.max(0, at.row - grid.pageRows), at.column);
    case 'Home':
      return control ? to(0, 0) : to(at.row, 0);
    case 'End':
      return control ? to(lastRow, lastColumn) : to(at.row, lastColumn);
    default:
      return undefined;
  }
}
