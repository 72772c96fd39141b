import fc from 'fast-check';
import { expect, it } from 'vitest';
import { assign } from '../../../../core/model/assign.ts';

type Scores = readonly (readonly (number | null)[])[];

/** The best total of all ways to assign, one by one. */
function best(scores: Scores, taken: ReadonlySet<number> = new Set(), row = 0): number {
  const line = scores[row];
  if (line === undefined) return 0;
  const nothing = best(scores, taken, row + 1) - 1e6;
  return line.reduce<number>(
    (most, score, column) =>
      score === null || taken.has(column)
        ? most
        : Math.max(most, score + best(scores, new Set([...taken, column]), row + 1)),
    nothing,
  );
}

it('finds what trying every way finds', () => {
  const size = fc.record({ rows: fc.integer({ min: 1, max: 4 }), columns: fc.integer({ min: 0, max: 5 }) });
  const score = fc.option(fc.integer({ min: 0, max: 6 }), { freq: 2 });
  const matrix = size.chain(({ rows, columns }) =>
    fc.array(fc.array(score, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }),
  );
  fc.assert(
    fc.property(matrix, (scores) => {
      const { columns, total } = assign(scores);
      expect(total).toBe(best(scores));
      const given = columns.filter((column) => column !== null);
      expect(new Set(given).size).toBe(given.length);
      const sum = columns.reduce<number>(
        (all, column, row) => all + (column === null ? -1e6 : scores[row]![column]!),
        0,
      );
      expect(sum).toBe(total);
    }),
  );
});

it('gives up a better fit of one where another row would be left with nothing', () => {
  expect(assign([[5, 1], [4, null]])).toEqual({ columns: [1, 0], total: 5 }); // prettier-ignore
});
