import type { AxisMaps } from './axis-map.ts';
import { strides } from './grid.ts';
import type { ResampleJob } from './resample-job.ts';
import type { GridSamples } from './types.ts';

/** Nearest-neighbour resampling between grids that share axes. */
export function alignedNearest(job: ResampleJob, maps: AxisMaps): void {
  const { output, outside, to, from } = job;
  const [alongI, alongJ, alongK] = maps;
  const [width, height] = to.dims;
  const stride = strides(from);
  const [source, target] = asBits(job.samples, output);
  const columns = alongI.nearest.map((index) => index * stride[alongI.sourceAxis]);
  for (let k = job.kStart; k < job.kEnd; k++) {
    const slice = (k - job.kStart) * width * height;
    const kInside = k >= alongK.begin && k < alongK.end;
    for (let j = 0; j < height; j++) {
      const at = slice + j * width;
      if (!kInside || j < alongJ.begin || j >= alongJ.end) {
        output.fill(outside, at, at + width);
        continue;
      }
      const offset = alongK.nearest[k]! * stride[alongK.sourceAxis] + alongJ.nearest[j]! * stride[alongJ.sourceAxis];
      output.fill(outside, at, at + alongI.begin);
      pickRow(source, offset, columns, target, at, alongI.begin, alongI.end);
      output.fill(outside, at + alongI.end, at + width);
    }
  }
}

function pickRow(
  source: GridSamples,
  offset: number,
  columns: Int32Array,
  target: GridSamples,
  at: number,
  begin: number,
  end: number,
): void {
  for (let i = begin; i < end; i++) target[at + i] = source[offset + columns[i]!]!;
}

/**
 * Copying needs no arithmetic, so arrays of one type are copied as integers of their width: three kinds of array at
 * most reach the inner loop, which an engine still optimizes where six would not be.
 */
function asBits(samples: GridSamples, output: GridSamples): readonly [GridSamples, GridSamples] {
  if (samples.constructor !== output.constructor) return [samples, output];
  const Bits = { 1: Uint8Array, 2: Uint16Array, 4: Int32Array }[samples.BYTES_PER_ELEMENT as 1 | 2 | 4];
  const view = (array: GridSamples): GridSamples =>
    new Bits(array.buffer as ArrayBuffer, array.byteOffset, array.length);
  return [view(samples), view(output)];
}
