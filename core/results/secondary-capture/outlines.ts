import type { Analysis, LabelMap } from '../../analysis/index.ts';
import type { Vec3 } from '../../geometry/index.ts';

/**
 * Colour of the masks' outlines at a pixel (i, j) of slice k, or null: the pixels of a segment that touch something
 * else, those of later maps over those of earlier ones. Segments of rejected findings are left out.
 */
export function outlineColours({ labelMaps, findings }: Analysis, k: number): (i: number, j: number) => Vec3 | null {
  const rejected = new Set(
    findings.filter(({ review }) => review.state === 'rejected').map(({ region }) => region?.segmentNumber),
  );
  const outlines = labelMaps.map((map) => outlineOf(map, k, rejected)).toReversed();
  return (i, j) => {
    for (const colourAt of outlines) {
      const colour = colourAt(i, j);
      if (colour !== null) return colour;
    }
    return null;
  };
}

function outlineOf(
  { labels, segments, grid }: LabelMap,
  k: number,
  rejected: ReadonlySet<number | null | undefined>,
): (i: number, j: number) => Vec3 | null {
  const [columns, rows] = grid.dims;
  const colours = new Map(
    segments.filter(({ number }) => !rejected.has(number)).map(({ number, colour }) => [number, colour]),
  );
  const slice = labels.subarray(k * columns * rows, (k + 1) * columns * rows);
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
