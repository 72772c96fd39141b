import type { Finding, HeatMap, LabelMap, Segment } from '../../analysis/index.ts';
import { newUID, type Code } from '../../dicom/index.ts';
import type { Notice } from '../../errors/index.ts';
import type { Grid } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import type { Volume } from '../../volume/index.ts';
import { noticesOf, type Masks } from '../masks/index.ts';
import type { GraphOutputs } from '../collect/index.ts';
import { labelsOnSource, mapAlongSource } from '../invert.ts';
import type { Steps } from '../steps.ts';
import { assignMask, keepWithin } from './labels.ts';
import { measureLabels } from './measure-labels.ts';
import { findingsFromPeaks } from './findings.ts';
import { fillHoles, keepLargest, removeSmall } from './clean-labels.ts';
import { labelledOutput } from './labelled-output.ts';
import { overlapNotice } from './overlap-notice.ts';
import { componentFindings } from './component-findings.ts';

export interface FinishInputs {
  readonly volume: Volume;
  readonly masks: Masks;
  /** Grid of `outputs`. */
  readonly prepared: Grid;
  readonly outputs: GraphOutputs;
}

export interface Finished {
  readonly labelMap: LabelMap | null;
  readonly heatMap: HeatMap | null;
  readonly findings: readonly Finding[];
  readonly warnings: readonly Notice[];
}

/** From stitched outputs to what a reader sees: label map and findings on the source grid, heat map along its axes. */
export async function finish(manifest: Manifest, inputs: FinishInputs, steps: Steps): Promise<Finished> {
  const { volume, masks, outputs } = inputs;
  const total = manifest.finish.length + 1;
  const heatMap = heatMapOf(manifest, inputs);
  let labelMap = labelMapOf(manifest, inputs);
  const table = labelMap?.segments.map(({ number }) => number) ?? [];
  const findings = outputs.found.flatMap((source) => source.findings(volume));
  await steps.tell(1, total);
  for (const [done, step] of manifest.finish.entries()) {
    switch (step.kind) {
      case 'assignMask':
        if (labelMap !== null) assignMask(labelMap.labels, step, masks);
        break;
      case 'keepLargest':
        if (labelMap !== null) keepLargest(labelMap.labels, volume.grid.dims, step, table);
        break;
      case 'removeSmall':
        if (labelMap !== null) removeSmall(labelMap.labels, volume.grid, step, table);
        break;
      case 'fillHoles':
        if (labelMap !== null) fillHoles(labelMap.labels, volume.grid.dims, step, table);
        break;
      case 'measureLabels':
        if (labelMap !== null) findings.push(...measureLabels(labelMap.labels, labelMap.segments, step, volume));
        break;
      case 'components': {
        if (labelMap === null) break;
        const found = componentFindings(labelMap, step, volume);
        findings.push(...found.findings);
        labelMap = found.labelMap;
        break;
      }
      case 'peaks': {
        if (heatMap === null) break;
        const found = await findingsFromPeaks(heatMap, step, { volume, masks, scoreKind: manifest.scoreKind }, steps);
        findings.push(...found.findings);
        labelMap ??= found.labelMap;
        break;
      }
    }
    await steps.tell(done + 2, total);
  }
  return { labelMap, heatMap, findings, warnings: [...noticesOf(masks), ...overlapNotice(manifest)] };
}

/** The labels, brought to the source grid, with labels kept where the manifest lets them stand. */
function labelMapOf(manifest: Manifest, { volume, masks, prepared, outputs }: FinishInputs): LabelMap | null {
  const output = labelledOutput(manifest);
  const stitched = output && outputs.labels.get(output.name);
  if (output === undefined || stitched === undefined) return null;
  const { grid } = volume;
  const labels = labelsOnSource(stitched, prepared, grid);
  keepWithin(labels, output.labels, masks);
  return { grid, labels, segments: output.labels.map((label) => segmentOf(label, manifest)) };
}

function segmentOf(
  label: {
    value: number;
    name: string;
    category: Segment['category'];
    type: Segment['type'];
    modifier?: Code;
    anatomicRegion?: Code;
    colour: Segment['colour'];
  },
  manifest: Manifest,
): Segment {
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

function heatMapOf(manifest: Manifest, { volume, prepared, outputs }: FinishInputs): HeatMap | null {
  const output = manifest.outputs.find((candidate) => candidate.kind === 'heatMap');
  const values = output && outputs.maps.get(output.name);
  if (output === undefined || values === undefined) return null;
  const { quantity, unit, displayRange } = output;
  const placed = mapAlongSource(values, prepared, volume.grid, displayRange[0]);
  return { ...placed, quantity, unit, displayRange };
}
