/** What stands for a pair that must not be. Whole numbers keep all sums exact. */
const forbidden = 1e9;
/** What a row costs that is given nothing: more than all fits of all rows together. */
const unassigned = 1e6;

/**
 * Gives each row at most one column and no column twice: first as many rows as can be, then the largest sum of scores (Kuhn's Hungarian
 * method, with potentials; n² (m + n) steps for n rows and m columns).
 * @param scores row by row, whole numbers from 0 to 1000; null where row and column do not go together
 * @returns the column of each row, null where none is left for it, and the sum of the scores less a million for each of these
 */
export function assign(scores: readonly (readonly (number | null)[])[]): {
  readonly columns: readonly (number | null)[];
  readonly total: number;
} {
  const rows = scores.length;
  const real = scores[0]?.length ?? 0;
  const count = real + rows;
  const cost = (row: number, column: number): number => {
    if (column >= real) return unassigned;
    const score = scores[row]?.[column] ?? null;
    return score === null ? forbidden : -score;
  };
  const ofRow = new Float64Array(rows + 1);
  const ofColumn = new Float64Array(count + 1);
  const rowAt = new Int32Array(count + 1);
  for (let row = 1; row <= rows; row++) {
    const least = new Float64Array(count + 1).fill(Infinity);
    const cameFrom = new Int32Array(count + 1);
    const visited = new Uint8Array(count + 1);
    rowAt[0] = row;
    let at = 0;
    do {
      visited[at] = 1;
      const current = rowAt[at]!;
      let step = Infinity;
      let next = 0;
      for (let column = 1; column <= count; column++) {
        if (visited[column] === 1) continue;
        const reduced = cost(current - 1, column - 1) - ofRow[current]! - ofColumn[column]!;
        if (reduced < least[column]!) {
          least[column] = reduced;
          cameFrom[column] = at;
        }
        if (least[column]! < step) {
          step = least[column]!;
          next = column;
        }
      }
      for (let column = 0; column <= count; column++) {
        if (visited[column] === 1) {
          ofRow[rowAt[column]!]! += step;
          ofColumn[column]! -= step;
        } else least[column]! -= step;
      }
      at = next;
    } while (rowAt[at] !== 0);
    while (at !== 0) {
      rowAt[at] = rowAt[cameFrom[at]!]!;
      at = cameFrom[at]!;
    }
  }
  const columns = Array.from({ length: rows }, (): number | null => null);
  for (let column = 1; column <= real; column++) if (rowAt[column]! > 0) columns[rowAt[column]! - 1] = column - 1;
  const total = columns.reduce<number>(
    (sum, column, row) => sum + (column === null ? -unassigned : (scores[row]?.[column] ?? -forbidden)),
    0,
  );
  return { columns, total };
}
