/** Labels, with a view on them in words where their place in memory allows it. */
export interface LabelView {
  readonly labels: Uint8Array;
  readonly words: Int32Array | null;
}

export function labelView(labels: Uint8Array): LabelView {
  const words =
    labels.byteOffset % 4 === 0 ? new Int32Array(labels.buffer, labels.byteOffset, labels.length >> 2) : null;
  return { labels, words };
}

/** Where the run of `label` that begins at `from` ends: the first other label, or `end`. Equal labels are skipped in words. */
export function runEnd({ labels, words }: LabelView, from: number, end: number, label: number): number {
  let at = from;
  if (words !== null) {
    while (at < end && (at & 3) !== 0) {
      if (labels[at] !== label) return at;
      at++;
    }
    const word = (label * 0x0101_0101) | 0;
    // Four words at a time: most of a mask is nothing.
    for (let w = at >> 2; at + 16 <= end; w += 4, at += 16) {
      const others =
        ((words[w] ?? 0) ^ word) |
        ((words[w + 1] ?? 0) ^ word) |
        ((words[w + 2] ?? 0) ^ word) |
        ((words[w + 3] ?? 0) ^ word);
      if (others !== 0) break;
    }
    while (at + 4 <= end && words[at >> 2] === word) at += 4;
  }
  while (at < end && labels[at] === label) at++;
  return at;
}

/** The voxels `from` to before `end` of slice k hold the label, and those beside them do not. */
export type RunVisitor = (label: number, k: number, from: number, end: number) => void;

/** Visits the runs of all labels but 0 in the order of the voxels, each within one slice of `size` voxels. */
export function visitRuns(labels: Uint8Array, size: number, slices: number, visit: RunVisitor): void {
  const view = labelView(labels);
  for (let k = 0; k < slices; k++) {
    const end = (k + 1) * size;
    for (let at = runEnd(view, k * size, end, 0); at < end; at = runEnd(view, at, end, 0)) {
      const label = labels[at] ?? 0;
      const from = at;
      at = runEnd(view, from, end, label);
      visit(label, k, from, at);
    }
  }
}

/** A list of runs takes at most a quarter of what the labels do; a mask of more runs is looked through again. */
const bytesOfRun = 8;

/**
 * Visits the runs as `visitRuns` does.
 * @returns what visits them once more; from a list, where that is short, since looking through all voxels is what takes long.
 */
export function visitRunsTwice(
  labels: Uint8Array,
  size: number,
  slices: number,
  visit: RunVisitor,
): (visit: RunVisitor) => void {
  const most = Math.floor(labels.length / 4 / bytesOfRun);
  let list = new Int32Array(2 * Math.min(most, 1 << 14));
  let count = 0;
  visitRuns(labels, size, slices, (label, k, from, end) => {
    visit(label, k, from, end);
    if (count < most) {
      if (2 * count === list.length) list = grown(list, 2 * most);
      list[2 * count] = from;
      list[2 * count + 1] = end;
    }
    count++;
  });
  return (again) => {
    if (count > most) visitRuns(labels, size, slices, again);
    else replay(labels, size, list.subarray(0, 2 * count), again);
  };
}

function grown(list: Int32Array, most: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.min(2 * list.length, most));
  larger.set(list);
  return larger;
}

function replay(labels: Uint8Array, size: number, list: Int32Array, visit: RunVisitor): void {
  let k = 0;
  for (let at = 0; at < list.length; at += 2) {
    const from = list[at] ?? 0;
    while (from >= (k + 1) * size) k++;
    visit(labels[from] ?? 0, k, from, list[at + 1] ?? 0);
  }
}
