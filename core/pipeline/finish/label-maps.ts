import type { LabelMap, Segment } from '../../analysis/index.ts';
import { newUID } from '../../dicom/index.ts';
import type { Grid } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import type { GraphOutputs } from '../collect/index.ts';
import { labelsOnSource } from '../invert.ts';
import type { Masks } from '../masks/index.ts';
import { keepWithin } from './labels.ts';
import { lastOf, merged, unstack, type Unstacked } from './unstack.ts';

type LabelledOutput = Extract<Manifest['outputs'][number], { kind: 'maskLogits' | 'labelMap' }>;

/** Outputs that label maps are made of. */
export function labelledOutputs({ outputs }: Pick<Manifest, 'outputs'>): readonly LabelledOutput[] {
  return outputs.filter((output) => output.kind === 'maskLogits' || output.kind === 'labelMap');
}

/** A label map while steps work on it. */
export interface WorkingMap extends LabelMap {
  /** Whether its labels may overlap, and only happen not to. */
  readonly mayOverlap: boolean;
}

/** The labels of all outputs on the grid of the series, where the manifest lets them stand: in as few maps as it takes. */
export function labelMapsOf(
  manifest: Manifest,
  { outputs, prepared, source, masks }: { outputs: GraphOutputs; prepared: Grid; source: Grid; masks: Masks },
): WorkingMap[] {
  return labelledOutputs(manifest).flatMap((output) => {
    const stitched = outputs.labels.get(output.name);
    if (stitched === undefined) return [];
    const planes = stitched.map((plane) => labelsOnSource(plane, prepared, source));
    const mayOverlap = isStacked(output) && output.overlap === 'kept';
    return separate(output, planes).map(({ labels, values }) => {
      keepWithin(labels, output.labels, masks);
      const segments = output.labels.filter(({ value }) => values.includes(value));
      return { grid: source, labels, segments: segments.map((label) => segmentOf(label, manifest)), mayOverlap };
    });
  });
}

/** The same segments in as few maps as can hold them. */
export function withFewest(maps: readonly LabelMap[]): readonly LabelMap[] {
  const segments = new Map(maps.flatMap((map) => map.segments.map((segment) => [segment.number, segment] as const)));
  const grid = maps[0]?.grid;
  if (grid === undefined) return [];
  return merged(maps.map(({ labels, segments: own }) => ({ labels, values: own.map(({ number }) => number) }))).map(
    ({ labels, values }) => ({ grid, labels, segments: values.map((value) => segments.get(value)!) }),
  );
}

function separate(output: LabelledOutput, planes: readonly Uint8Array[]): readonly Unstacked[] {
  const values = output.labels.map(({ value }) => value);
  if (!isStacked(output)) return [{ values, labels: planes[0]! }];
  return output.overlap === 'later' ? [{ values, labels: lastOf(planes, values) }] : unstack(planes, values);
}

/** Whether its planes hold bits. */
function isStacked(output: LabelledOutput): output is Extract<LabelledOutput, { kind: 'maskLogits' }> {
  return output.kind === 'maskLogits' && output.activation !== 'softmax';
}

function segmentOf(label: LabelledOutput['labels'][number], manifest: Manifest): Segment {
  const { value: number, name, category, type, modifier, anatomicRegion, colour } = label;
  return {
    number,
    label: name,
    category,
    type,
    ...(modifier === undefined ? {} : { modifier }),
    ...(anatomicRegion === undefined ? {} : { anatomicRegion }),
    colour,
    trackingIdentifier: `${manifest.id} ${name}`,
    trackingUID: newUID(),
  };
}
