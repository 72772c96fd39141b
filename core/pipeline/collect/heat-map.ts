import { voxelCount, type Grid } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import type { BlendSettings } from '../windows/blend-settings.ts';
import { Blend, divideByWeights, rowStart } from './blend.ts';
import type { Collector } from './collector.ts';
import { forCoreRows } from './core-rows.ts';
import { floatView } from './output-view.ts';

type HeatMapOutput = Extract<Manifest['outputs'][number], { kind: 'heatMap' }>;

export interface HeatMapResult {
  /** Values on the prepared grid; 0 where no window was run. */
  result(): Float32Array;
}

/** Values of windows whose cores cover the grid once. */
export function windowHeatMap(output: HeatMapOutput, grid: Grid, layered: boolean): Collector & HeatMapResult {
  const values = new Float32Array(voxelCount(grid));
  const expected = { name: output.name, channels: 1, layered };
  return {
    add(answer, window) {
      const view = floatView(answer, expected, window);
      forCoreRows(view, window, grid.dims, (from, to, length) => {
        values.set(view.data.subarray(from, from + length), to);
        if (output.activation === 'sigmoid') sigmoid(values, to, length);
      });
    },
    result: () => values,
  };
}

/** Values of windows that are blended, activated after that. */
export function blendedHeatMap(output: HeatMapOutput, how: BlendSettings, layered: boolean): Collector & HeatMapResult {
  const { dims, axis } = how;
  const values = new Float32Array(dims[0] * dims[1] * dims[2]);
  const [ni] = dims;
  const blend = new Blend({ ...how, channels: 1, againstFirst: false }, (slice) => {
    divideByWeights(slice);
    if (output.activation === 'sigmoid') sigmoidWhere(slice.sums, slice.weights);
    for (let r = 0; r * ni < slice.weights.length; r++) {
      values.set(slice.sums.subarray(r * ni, (r + 1) * ni), rowStart(dims, axis, slice.at, r));
    }
  });
  return {
    add: (answer, window) => blend.add(floatView(answer, { name: output.name, channels: 1, layered }, window), window),
    result() {
      blend.end();
      return values;
    },
  };
}

function sigmoid(values: Float32Array, from: number, length: number): void {
  for (let n = from; n < from + length; n++) values[n] = 1 / (1 + Math.exp(-values[n]!));
}

/** Where a window was run: what nothing was said of stays 0. */
function sigmoidWhere(values: Float32Array, weights: Float32Array): void {
  for (let n = 0; n < values.length; n++) if (weights[n]! > 0) values[n] = 1 / (1 + Math.exp(-values[n]!));
}
