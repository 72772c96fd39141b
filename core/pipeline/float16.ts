// IEEE 754 binary16 as bits. `Float16Array` is not in every browser that the project runs in, so both ways are done here.

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** The nearest half-precision values (ties to even; what is too large becomes infinite), as bits. */
export function toFloat16(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let at = 0; at < bits.length; at++) halves[at] = halfOf(bits[at]!);
  return halves;
}

/** The values that half-precision bits stand for, exactly. */
export function fromFloat16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const table = (decoded ??= decodeAll());
  const values = new Float32Array(halves.length);
  for (let at = 0; at < halves.length; at++) values[at] = table[halves[at]!]!;
  return values;
}

/** @param bits of a single-precision value */
function halfOf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // From the middle between the largest half (65504) and the next power of two on.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  // Below the smallest normal half (2^-14) the spacing stays 2^-24: adding 0.5 makes single precision round to just that.
  if (magnitude < 0x38800000) {
    scratchBits[0] = magnitude;
    scratch[0] = scratch[0]! + 0.5;
    return sign | (scratchBits[0] - 0x3f000000);
  }
  // The exponent's bias goes from 127 to 15; half of what is cut off is added, less one where the last bit kept is even.
  return sign | ((magnitude - 0x38000000 + 0x0fff + ((magnitude >>> 13) & 1)) >>> 13);
}

let decoded: Float32Array | null = null;

function decodeAll(): Float32Array {
  return Float32Array.from({ length: 0x10000 }, (_, half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >>> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
  });
}
