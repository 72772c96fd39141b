/** Where the segments of a label map have voxels. */
export interface Presence {
  /** Pixels of a frame. */
  readonly size: number;
  readonly slices: number;
  /** Values of the segments, in their order. */
  readonly numbers: readonly number[];
  /** 1 at `value * slices + k` where slice k holds the value. */
  readonly present: Uint8Array;
}

/**
 * Frames without a voxel that are written all the same, for each label map by `value * slices + k`; mostly none.
 *
 * OHIF 3.13 and dcmjs behind it read a binary file of several frames as a whole. Where a frame is no whole number of
 * bytes they take the bits of each byte in the wrong order, and draw a wrong mask; only where the file needs a byte of
 * padding they give up on it and ask for frame by frame, which they read right. A frame more brings them there.
 */
export function emptyFramesFor(maps: readonly Presence[]): readonly ReadonlySet<number>[] {
  const size = maps[0]?.size ?? 0;
  const sets = maps.map(() => new Set<number>());
  let count = maps.reduce((sum, { numbers, slices, present }) => sum + countPresent(numbers, slices, present), 0);
  // A single frame begins with a byte, and is read right.
  if (size % 8 === 0 || count < 2) return sets;
  const absent = absentFrames(maps);
  while (!isPadded(count, size)) {
    const next = absent.next();
    // Every segment is on every slice: there is nothing to add.
    if (next.done === true) return maps.map(() => new Set<number>());
    sets[next.value.map]?.add(next.value.at);
    count++;
  }
  return sets;
}

/** Whether so many frames end in an odd byte, so that another one is added to make the length even. */
function isPadded(frames: number, size: number): boolean {
  return Math.ceil((frames * size) / 8) % 2 === 1;
}

function countPresent(numbers: readonly number[], slices: number, present: Uint8Array): number {
  return numbers.reduce(
    (sum, number) => sum + present.subarray(number * slices, (number + 1) * slices).reduce((a, b) => a + b, 0),
    0,
  );
}

function* absentFrames(maps: readonly Presence[]): Generator<{ readonly map: number; readonly at: number }> {
  for (const [map, { numbers, slices, present }] of maps.entries()) {
    for (const number of numbers) {
      for (let at = number * slices; at < (number + 1) * slices; at++) if (present[at] !== 1) yield { map, at };
    }
  }
}
