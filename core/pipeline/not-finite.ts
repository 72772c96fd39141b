/** Index of the first NaN or infinity, or -1. */
export function firstNotFinite(values: Float32Array): number {
  return blockIsFinite(values) ? -1 : values.findIndex((value) => !Number.isFinite(value));
}

/** 0 times a number is 0; 0 times NaN or infinity is not. Four sums side by side, so that no addition waits for the one before. */
function blockIsFinite(values: Float32Array): boolean {
  let [a, b, c, d] = [0, 0, 0, 0];
  const quads = values.length - (values.length % 4);
  for (let n = 0; n < quads; n += 4) {
    a += values[n]! * 0;
    b += values[n + 1]! * 0;
    c += values[n + 2]! * 0;
    d += values[n + 3]! * 0;
  }
  for (let n = quads; n < values.length; n++) a += values[n]! * 0;
  return a + b + c + d === 0;
}
