/** Labels of which no two share a voxel, on the grid of the planes. */
export interface Unstacked {
  readonly values: readonly number[];
  readonly labels: Uint8Array;
}

/**
 * Planes of bits as label maps: few, and none takes a voxel from any label. Each label is in the first map behind those where it meets
 * another one before it: of labels over each other the later is drawn on top. The one map, where it is one, is the first of the given arrays.
 * @param values of the labels, in the order of their bits
 */
export function unstack(planes: readonly Uint8Array[], values: readonly number[]): Unstacked[] {
  const maps = planes.flatMap((plane, p) => {
    const own = values.slice(8 * p, 8 * p + 8);
    const meets = meetingsIn(plane);
    const groups: number[][] = [];
    for (const bit of own.keys()) {
      const behind = groups.findLastIndex((one) => one.some((other) => meets(bit, other))) + 1;
      (groups[behind] ??= []).push(bit);
    }
    return groups.map((bits) => ({
      values: bits.map((bit) => own[bit]!),
      labels: lookedUp(plane, tableOf(bits, own), groups.length === 1 ? plane : new Uint8Array(plane.length)),
    }));
  });
  return merged(maps);
}

/** Planes of bits as one label map: of the labels of a voxel the last. May be the first of the given arrays. */
export function lastOf(planes: readonly Uint8Array[], values: readonly number[]): Uint8Array {
  const [first, ...others] = planes;
  const labels = lookedUp(first!, lastTable(values.slice(0, 8)), first!);
  for (const [n, plane] of others.entries()) {
    const table = lastTable(values.slice(8 * n + 8, 8 * n + 16));
    for (let v = 0; v < labels.length; v++) if (plane[v] !== 0) labels[v] = table[plane[v]!]!;
  }
  return labels;
}

/** The same labels in fewer maps where that takes no voxel from any: each goes into the first map behind the last that it shares one with. */
export function merged(maps: readonly Unstacked[]): Unstacked[] {
  const kept: Unstacked[] = [];
  for (const map of maps) {
    const at = kept.findLastIndex(({ labels }) => share(labels, map.labels)) + 1;
    const into = kept[at];
    if (into === undefined) {
      kept.push(map);
      continue;
    }
    for (let v = 0; v < map.labels.length; v++) into.labels[v]! |= map.labels[v]!;
    kept[at] = { labels: into.labels, values: [...into.values, ...map.values] };
  }
  return kept;
}

function share(a: Uint8Array, b: Uint8Array): boolean {
  for (let v = 0; v < a.length; v++) if (a[v] !== 0 && b[v] !== 0) return true;
  return false;
}

/** Whether two bits stand in one voxel somewhere. */
function meetingsIn(plane: Uint8Array): (a: number, b: number) => boolean {
  const occurs = new Uint8Array(256);
  for (let v = 0; v < plane.length; v++) occurs[plane[v]!] = 1;
  return (a, b) => {
    const both = (1 << a) | (1 << b);
    return occurs.some((one, byte) => one !== 0 && (byte & both) === both);
  };
}

/** Label by byte, of bits of which a voxel has one at most. */
function tableOf(bits: readonly number[], values: readonly number[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const bit of bits) for (let byte = 0; byte < 256; byte++) if ((byte >> bit) & 1) table[byte] = values[bit]!;
  return table;
}

/** Label by byte: that of the highest bit. */
function lastTable(values: readonly number[]): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (byte === 0 ? 0 : (values[31 - Math.clz32(byte)] ?? 0)));
}

function lookedUp(plane: Uint8Array, table: Uint8Array, labels: Uint8Array): Uint8Array {
  for (let v = 0; v < plane.length; v++) labels[v] = table[plane[v]!]!;
  return labels;
}
