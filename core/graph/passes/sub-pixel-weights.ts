import { kernelIndex, type SubPixelAxis } from './sub-pixel.ts';

export interface TransposedWeights {
  /** Values of [C, M / group, kD, kH, kW], little-endian, row-major. */
  readonly bytes: Uint8Array;
  readonly bytesPerElement: number;
  /** C. */
  readonly inputChannels: number;
  /** M / group. */
  readonly outputsPerGroup: number;
  readonly group: number;
  readonly kernel: readonly number[];
}

/**
 * Weights of the convolution that computes all phases at once: [M x phases, C / group, taps...], the phases of one
 * output channel beside each other, the last axis fastest. Taps that a phase does not have are zero, which is all bits
 * zero in every float type.
 */
export function subPixelWeights(weights: TransposedWeights, axes: readonly SubPixelAxis[]): Uint8Array<ArrayBuffer> {
  const { bytes, bytesPerElement: size, inputChannels, outputsPerGroup, group, kernel } = weights;
  const inputsPerGroup = inputChannels / group;
  const phases = product(axes.map(({ stride }) => stride));
  const taps = product(axes.map(({ taps: count }) => count));
  const kernelSize = product(kernel);
  const sources = sourceOffsets(axes, kernel, phases * taps);

  const outputs = outputsPerGroup * group;
  const made = new Uint8Array(outputs * phases * inputsPerGroup * taps * size);
  const copy = elementCopier(bytes, made, size);
  let target = 0;
  for (let output = 0; output < outputs; output++) {
    const firstInput = Math.floor(output / outputsPerGroup) * inputsPerGroup;
    for (let phase = 0; phase < phases; phase++) {
      for (let input = firstInput; input < firstInput + inputsPerGroup; input++) {
        const base = (input * outputsPerGroup + (output % outputsPerGroup)) * kernelSize;
        for (let tap = 0; tap < taps; tap++, target++) {
          const at = sources[phase * taps + tap]!;
          if (at >= 0) copy(base + at, target);
        }
      }
    }
  }
  return made;
}

/** Copies element by element: typed arrays of the element's width, as `set` of a few bytes at a time is several times slower. */
function elementCopier(
  source: Uint8Array,
  target: Uint8Array<ArrayBuffer>,
  size: number,
): (from: number, to: number) => void {
  const Words = size === 1 ? Uint8Array : size === 2 ? Uint16Array : Uint32Array;
  // Weights stand anywhere in a file: at a multiple of their width only in a copy.
  const read = new Words(source.slice().buffer);
  const write = new Words(target.buffer);
  const words = size / Words.BYTES_PER_ELEMENT;
  return (from, to) => {
    for (let word = 0; word < words; word++) write[to * words + word] = read[from * words + word]!;
  };
}

/**
 * Offset in one kernel for every phase and tap, -1 where there is none; the same for all pairs of channels. In the order of phases and then taps,
 * the last axis fastest.
 */
function sourceOffsets(axes: readonly SubPixelAxis[], kernel: readonly number[], count: number): Int32Array {
  const offsets = new Int32Array(count);
  for (let index = 0; index < count; index++) {
    let [rest, at, unit] = [index, 0, 1];
    const taps = axes.map((_, axis) => axis);
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      taps[axis] = rest % axes[axis]!.taps;
      rest = Math.floor(rest / axes[axis]!.taps);
    }
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      const along = kernelIndex(axes[axis]!, kernel[axis]!, rest % axes[axis]!.stride, taps[axis]!);
      rest = Math.floor(rest / axes[axis]!.stride);
      at = along === null || at < 0 ? -1 : at + along * unit;
      unit *= kernel[axis]!;
    }
    offsets[index] = at;
  }
  return offsets;
}

function product(extents: readonly number[]): number {
  return extents.reduce((all, extent) => all * extent, 1);
}

/** Each value `times` times in a row: the bias of a channel for each of its phases. */
export function repeatedValues(bytes: Uint8Array, bytesPerElement: number, times: number): Uint8Array<ArrayBuffer> {
  const made = new Uint8Array(bytes.length * times);
  for (let target = 0; target < made.length; target += bytesPerElement) {
    const source = Math.floor(target / bytesPerElement / times) * bytesPerElement;
    made.set(bytes.subarray(source, source + bytesPerElement), target);
  }
  return made;
}
