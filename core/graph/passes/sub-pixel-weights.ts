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
  const phases = indices(axes.map(({ stride }) => stride));
  const taps = indices(axes.map(({ taps: count }) => count));
  const kernelSize = kernel.reduce((product, extent) => product * extent, 1);
  // Offset in one kernel for every phase and tap; the same for all pairs of channels.
  const sources = phases.map((phase) => taps.map((tap) => offset(axes, kernel, phase, tap)));

  const outputs = outputsPerGroup * group;
  const made = new Uint8Array(outputs * phases.length * inputsPerGroup * taps.length * size);
  const copy = elementCopier(bytes, made, size);
  let target = 0;
  for (let output = 0; output < outputs; output++) {
    const firstInput = Math.floor(output / outputsPerGroup) * inputsPerGroup;
    for (const source of sources) {
      for (let input = firstInput; input < firstInput + inputsPerGroup; input++) {
        const base = (input * outputsPerGroup + (output % outputsPerGroup)) * kernelSize;
        for (const at of source) {
          if (at !== null) copy(base + at, target);
          target++;
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

function offset(
  axes: readonly SubPixelAxis[],
  kernel: readonly number[],
  phase: readonly number[],
  tap: readonly number[],
): number | null {
  let at = 0;
  for (const [index, axis] of axes.entries()) {
    const along = kernelIndex(axis, kernel[index]!, phase[index]!, tap[index]!);
    if (along === null) return null;
    at = at * kernel[index]! + along;
  }
  return at;
}

/** All index tuples of a box of these extents, last axis fastest. */
function indices(extents: readonly number[]): readonly (readonly number[])[] {
  return extents.reduce<readonly (readonly number[])[]>(
    (tuples, extent) => tuples.flatMap((tuple) => Array.from({ length: extent }, (_, index) => [...tuple, index])),
    [[]],
  );
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
