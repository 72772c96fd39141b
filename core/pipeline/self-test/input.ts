/** Side of the blocks of the generated input, voxels: structure that survives smoothing. */
const BLOCK = 8;

/**
 * The input of a self-test: white noise plus blocks of random value, spread over [low, high]. Whole numbers and a few
 * multiplications only, so every machine makes the same one.
 * @param shape [1, C, D, H, W] or [N, C, H, W]; the blocks run through the planes [H, W] one behind the other
 */
export function selfTestInput(
  seed: number,
  shape: readonly number[],
  [low, high]: readonly [number, number],
): Float32Array {
  const [height = 1, width = 1] = shape.slice(-2);
  const depth = shape.slice(0, -2).reduce((product, extent) => product * extent, 1);
  const random = mulberry32(seed);
  const across = (length: number) => Math.ceil(length / BLOCK);
  const [blocksW, blocksH] = [across(width), across(height)];
  const blocks = Float64Array.from({ length: blocksW * blocksH * across(depth) }, random);
  const values = new Float32Array(depth * height * width);
  let at = 0;
  for (let k = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      const row = (Math.floor(k / BLOCK) * blocksH + Math.floor(j / BLOCK)) * blocksW;
      for (let i = 0; i < width; i++) {
        values[at++] = low + (high - low) * (0.75 * blocks[row + Math.floor(i / BLOCK)]! + 0.25 * random());
      }
    }
  }
  return values;
}

/** Small seeded generator of numbers in [0, 1) by Tommy Ettinger (public domain). */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
