import type { Grid, Vec3 } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import { weightsOf } from '../windows/weights.ts';
import { slabAxisOf } from '../windows/windows-of.ts';
import { planeCount, type LabelledOutput } from '../device-labels.ts';
import type { BlendSettings } from '../windows/blend-settings.ts';
import { choiceOf, type MaskOutput } from './choose.ts';
import type { Collector } from './collector.ts';
import { findingSources, type FindingSource } from './finding-sources.ts';
import { blendedHeatMap, windowHeatMap, type HeatMapResult } from './heat-map.ts';
import { labelMap } from './label-map.ts';
import { labelCollector, type LabelsResult } from './labels.ts';

/** What the graph said, on the prepared grid. By name of the output. */
export interface GraphOutputs {
  /** Planes of each output (see `Choice`): labels, or bits of labels of which several may hold. */
  readonly labels: ReadonlyMap<string, readonly Uint8Array[]>;
  readonly maps: ReadonlyMap<string, Float32Array>;
  /** Outputs that are no pictures, ready to tell their findings. */
  readonly found: readonly FindingSource[];
}

export interface Collectors {
  readonly all: readonly Collector[];
  /** After the last window. */
  results(): GraphOutputs;
}

/**
 * Names of the outputs of logits that whoever runs the graph may turn into labels: those that it is asked for once per window, and that
 * fill one plane.
 * @param chosen outputs of logits that come as labels (see `WindowPlan`); absent: none
 */
export function labelledNames(
  { input, outputs }: Manifest,
  chosen: ReadonlyMap<string, number> = new Map(),
): readonly string[] {
  if (input.patch.mode === 'slidingWindow' && input.patch.mirror.length > 0) return [];
  return outputs
    .filter((output) => output.kind === 'maskLogits' && !chosen.has(output.name) && planeCount(choiceOf(output)) === 1)
    .map(({ name }) => name);
}

/** What is to be known of those outputs. */
export function labelledOutputs(
  manifest: Manifest,
  { dims }: Grid,
  chosen: ReadonlyMap<string, number>,
): readonly LabelledOutput[] {
  const { input, outputs } = manifest;
  const names = labelledNames(manifest, chosen);
  const layered = input.layout.kind !== '3d';
  const blend = blendOf(input, dims);
  return outputs.flatMap((output) =>
    output.kind !== 'maskLogits' || !names.includes(output.name) ? [] : [labelled(output, layered, dims, blend)],
  );
}

/**
 * A collector per output of a manifest.
 * @param chosen outputs of logits that come as labels (see `WindowPlan`)
 * @param elsewhere outputs that do not come at all
 * @throws OverreadError `model.unsupported`
 */
export function collectorsOf(
  manifest: Manifest,
  grid: Grid,
  chosen: ReadonlyMap<string, number>,
  elsewhere: ReadonlySet<string> = new Set(),
): Collectors {
  const { input, outputs } = manifest;
  const layered = input.layout.kind !== '3d';
  const blend = blendOf(input, grid.dims);
  const found = findingSources(manifest, grid);
  const labels = new Map<string, Collector & LabelsResult>();
  const maps = new Map<string, Collector & HeatMapResult>();
  const labelsOf = (output: MaskOutput): Collector & LabelsResult => {
    if (chosen.has(output.name)) return labelMap(output, grid, layered, chosen.get(output.name));
    return labelCollector(labelled(output, layered, grid.dims, blend));
  };
  for (const output of outputs) {
    if (elsewhere.has(output.name)) continue;
    switch (output.kind) {
      case 'maskLogits':
        labels.set(output.name, labelsOf(output));
        break;
      case 'labelMap':
        labels.set(output.name, labelMap(output, grid, layered, chosen.get(output.name)));
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

function labelled(output: MaskOutput, layered: boolean, dims: Vec3, blend: BlendSettings | null): LabelledOutput {
  return { name: output.name, choice: choiceOf(output), layered, dims, blend };
}

function blendOf(input: Manifest['input'], dims: Vec3): BlendSettings | null {
  const { patch, layout } = input;
  if (patch.mode !== 'slidingWindow' || patch.blending.kind === 'crop') return null;
  const [nk, nj, ni] = patch.size;
  const size: Vec3 = [ni, nj, nk];
  return { dims, weights: weightsOf(patch.blending, size, layout.kind !== '3d'), axis: slabAxisOf(dims, input) };
}
