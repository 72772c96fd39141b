import type { WorkingMap } from './label-maps.ts';

/**
 * Gives voxels to a label of `maps[at]`. Where labels may overlap nobody loses any: the label moves to a map of its own, behind all others,
 * once it would meet another one.
 * @param forEach calls back for every voxel that the label gets; called twice
 */
export function giveVoxels(
  maps: WorkingMap[],
  at: number,
  label: number,
  forEach: (visit: (voxel: number) => void) => void,
): void {
  const map = maps[at]!;
  let target = map;
  if (map.mayOverlap) {
    let others = 0;
    forEach((v) => (others += Number(map.labels[v] !== 0 && map.labels[v] !== label)));
    if (others > 0) {
      target = movedOut(map, label);
      maps[at] = { ...map, segments: map.segments.filter(({ number }) => number !== label) };
      maps.push(target);
    }
  }
  const { labels } = target;
  forEach((v) => (labels[v] = label));
}

/** The label in a map of its own; its voxels there become background. */
function movedOut(map: WorkingMap, label: number): WorkingMap {
  const labels = new Uint8Array(map.labels.length);
  for (let v = 0; v < labels.length; v++) {
    if (map.labels[v] !== label) continue;
    labels[v] = label;
    map.labels[v] = 0;
  }
  return { ...map, labels, segments: map.segments.filter(({ number }) => number === label) };
}
