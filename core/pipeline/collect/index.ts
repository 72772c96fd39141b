import type { Grid, Vec3 } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import { weightsOf } from '../windows/weights.ts';
import { slabAxisOf } from '../windows/windows-of.ts';
import type { BlendOptions } from './blend.ts';
import type { Collector } from './collector.ts';
import { findingSources, type FindingSource } from './finding-sources.ts';
import { blendedHeatMap, windowHeatMap } from './heat-map.ts';
import { labelMap } from './label-map.ts';
import { blendedLabels, windowLabels } from './labels.ts';

/** What the graph said, on the prepared grid. By name of the output. */
export interface GraphOutputs {
  readonly labels: ReadonlyMap<string, Uint8Array>;
  readonly maps: ReadonlyMap<string, Float32Array>;
  /** Outputs that are no pictures, ready to tell their findings. */
  readonly found: readonly FindingSource[];
}

export interface Collectors {
  readonly all: readonly Collector[];
  /** After the last window. */
  results(): GraphOutputs;
}

/** A collector per output of a manifest. @throws OverreadError `model.unsupported` */
export function collectorsOf(manifest: Manifest, grid: Grid): Collectors {
  const { input, outputs } = manifest;
  const layered = input.layout.kind !== '3d';
  const blend = blendOf(input, grid.dims);
  const found = findingSources(manifest, grid);
  const labels = new Map<string, Collector & { result(): Uint8Array }>();
  const maps = new Map<string, Collector & { result(): Float32Array }>();
  for (const output of outputs) {
    switch (output.kind) {
      case 'maskLogits':
        labels.set(
          output.name,
          blend === null ? windowLabels(output, grid, layered) : blendedLabels(output, blend, layered),
        );
        break;
      case 'labelMap':
        labels.set(output.name, labelMap(output, grid, layered));
        break;
      case 'heatMap':
        maps.set(
          output.name,
          blend === null ? windowHeatMap(output, grid, layered) : blendedHeatMap(output, blend, layered),
        );
        break;
      case 'boxes':
      case 'classScores':
      case 'regression':
        break;
    }
  }
  return {
    all: [...labels.values(), ...maps.values(), ...found.map(({ collector }) => collector)],
    results: () => ({ labels: resultsOf(labels), maps: resultsOf(maps), found }),
  };
}

function resultsOf<T>(collectors: ReadonlyMap<string, { result(): T }>): Map<string, T> {
  return new Map([...collectors].map(([name, collector]) => [name, collector.result()]));
}

function blendOf(input: Manifest['input'], dims: Vec3): Omit<BlendOptions, 'channels'> | null {
  const { patch, layout } = input;
  if (patch.mode !== 'slidingWindow' || patch.blending.kind === 'crop') return null;
  const [nk, nj, ni] = patch.size;
  const size: Vec3 = [ni, nj, nk];
  return { dims, weights: weightsOf(patch.blending, size, layout.kind !== '3d'), axis: slabAxisOf(dims, input) };
}
