/** Labels, with a view on them in words where their place in memory allows it. */
export interface LabelView {
  readonly labels: Uint8Array;
  readonly words: Uint32Array | null;
}

export function labelView(labels: Uint8Array): LabelView {
  const words =
    labels.byteOffset % 4 === 0 ? new Uint32Array(labels.buffer, labels.byteOffset, labels.length >> 2) : null;
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
    const word = (label * 0x0101_0101) >>> 0;
    while (at + 4 <= end && words[at >> 2] === word) at += 4;
  }
  while (at < end && labels[at] === label) at++;
  return at;
}
