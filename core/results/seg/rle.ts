/**
 * One frame of RLE Lossless (PS3.5 annex G): byte planes, most significant first, each packed by runs.
 * @param size Pixels in the frame.
 * @param width Bytes per pixel; a plane beyond them is ignored.
 * @returns Little-endian samples, or null where a plane is missing or does not fill the frame: never more than was asked for.
 */
export function decodeRleFrame(bytes: Uint8Array, size: number, width: number): Uint8Array | null {
  if (bytes.length < 64) return null;
  const header = new DataView(bytes.buffer, bytes.byteOffset, 64);
  const planes = header.getUint32(0, true);
  // A run gives at most 128 bytes for two: nothing is allocated for what cannot come.
  if (planes !== width || bytes.length * 64 < size) return null;
  const frame = new Uint8Array(size * width);
  for (let plane = 0; plane < width; plane++) {
    const start = header.getUint32(4 + 4 * plane, true);
    const end = plane + 1 < width ? header.getUint32(8 + 4 * plane, true) : bytes.length;
    if (start < 64 || end > bytes.length || start > end) return null;
    if (!unpackRuns(bytes.subarray(start, end), frame, width - 1 - plane, width)) return null;
  }
  return frame;
}

/** Writes one byte plane to every `step`-th byte from `first`. False where it ends before the frame is full. */
function unpackRuns(packed: Uint8Array, frame: Uint8Array, first: number, step: number): boolean {
  let to = first;
  let at = 0;
  while (to < frame.length) {
    const head = packed[at++];
    if (head === undefined) return false;
    if (head === 128) continue;
    const literal = head < 128;
    const count = literal ? head + 1 : 257 - head;
    const last = at + (literal ? count : 1);
    if (last > packed.length) return false;
    for (let n = 0; n < count && to < frame.length; n++, to += step) frame[to] = packed[literal ? at + n : at] ?? 0;
    at = last;
  }
  return true;
}
