import type { Analysis } from '../../analysis/index.ts';
import type { Vec3 } from '../../geometry/index.ts';

/**
 * Colour of the mask's outline at a pixel (i, j) of slice k, or null: the pixels of a segment that touch something
 * else. Segments of rejected findings are left out.
 */
export function outlineColours(
  { labelMap, findings, source }: Analysis,
  k: number,
): (i: number, j: number) => Vec3 | null {
  if (labelMap === null) return () => null;
  const [columns, rows] = source.grid.dims;
  const rejected = new Set(
    findings.filter(({ review }) => review.state === 'rejected').map(({ region }) => region?.segmentNumber),
  );
  const colours = new Map(
    labelMap.segments.filter(({ number }) => !rejected.has(number)).map(({ number, colour }) => [number, colour]),
  );
  const slice = labelMap.labels.subarray(k * columns * rows, (k + 1) * columns * rows);
  const labelAt = (i: number, j: number) =>
    i < 0 || j < 0 || i >= columns || j >= rows ? 0 : (slice[i + columns * j] ?? 0);
  return (i, j) => {
    const label = labelAt(i, j);
    if (label === 0) return null;
    const inside =
      labelAt(i - 1, j) === label &&
      labelAt(i + 1, j) === label &&
      labelAt(i, j - 1) === label &&
      labelAt(i, j + 1) === label;
    return inside ? null : (colours.get(label) ?? null);
  };
}
