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

/** Steps that give voxels to a label: in a map with others they would take them, or leave them out, by what happens to be in that map. */
const giving: ReadonlySet<string> = new Set<Manifest['finish'][number]['kind']>(['assignMask', 'fillHoles']);

/**
 * The labels of all outputs on the grid of the series, where the manifest lets them stand. Labels that may overlap are in maps of their own
 * where a later step gives voxels to labels (`withFewest` puts them together afterwards), else only where they do overlap.
 */
export function labelMapsOf(
  manifest: Manifest,
  { outputs, prepared, source, masks }: { outputs: GraphOutputs; prepared: Grid; source: Grid; masks: Masks },
): LabelMap[] {
  const apart = manifest.finish.some(({ kind }) => giving.has(kind));
  return labelledOutputs(manifest).flatMap((output) => {
    const stitched = outputs.labels.get(output.name);
    if (stitched === undefined) return [];
    const planes = stitched.map((plane) => labelsOnSource(plane, prepared, source));
    return separate(output, planes, apart).map(({ labels, values }) => {
      keepWithin(labels, output.labels, masks);
      const segments = output.labels.filter(({ value }) => values.includes(value));
      return { grid: source, labels, segments: segments.map((label) => segmentOf(label, manifest)) };
    });
  });
}

/** The same segments in as few maps as can hold them. */
export function withFewest(maps: readonly LabelMap[]): readonly LabelMap[] {
  if (maps.length < 2) return maps;
  const segments = new Map(maps.flatMap((map) => map.segments.map((segment) => [segment.number, segment] as const)));
  const { grid } = maps[0]!;
  return merged(maps.map(({ labels, segments: own }) => ({ labels, values: own.map(({ number }) => number) }))).map(
    ({ labels, values }) => ({ grid, labels, segments: values.map((value) => segments.get(value)!) }),
  );
}

function separate(output: LabelledOutput, planes: readonly Uint8Array[], apart: boolean): readonly Unstacked[] {
  const values = output.labels.map(({ value }) => value);
  if (output.kind === 'labelMap' || output.activation === 'softmax') return [{ values, labels: planes[0]! }];
  return output.overlap === 'later' ? [{ values, labels: lastOf(planes, values) }] : unstack(planes, values, apart);
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
