import type { Finding, HeatMap, LabelMap } from '../../analysis/index.ts';
import { OverreadError, type Notice } from '../../errors/index.ts';
import type { Grid } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import type { Volume } from '../../volume/index.ts';
import { noticesOf, type Masks } from '../masks/index.ts';
import type { GraphOutputs } from '../collect/index.ts';
import type { Steps } from '../steps.ts';
import { assignMask } from './labels.ts';
import { measureLabels } from './measure-labels.ts';
import { findingsFromPeaks } from './findings.ts';
import { fillHoles, keepLargest, removeSmall } from './clean-labels.ts';
import { freeNumbers } from './free-numbers.ts';
import { heatMapsOf } from './heat-maps.ts';
import { labelMapsOf, withFewest } from './label-maps.ts';
import { componentFindings } from './component-findings.ts';

export interface FinishInputs {
  readonly volume: Volume;
  readonly masks: Masks;
  /** Grid of `outputs`. */
  readonly prepared: Grid;
  readonly outputs: GraphOutputs;
}

export interface Finished {
  readonly labelMaps: readonly LabelMap[];
  readonly heatMaps: readonly HeatMap[];
  readonly findings: readonly Finding[];
  readonly warnings: readonly Notice[];
}

/** From stitched outputs to what a reader sees: label maps and findings on the source grid, heat maps along its axes. */
export async function finish(manifest: Manifest, inputs: FinishInputs, steps: Steps): Promise<Finished> {
  const { volume, masks, prepared, outputs } = inputs;
  const { grid: source } = volume;
  const total = manifest.finish.length + 1;
  const heatMaps = heatMapsOf(manifest, { maps: outputs.maps, prepared, source });
  const maps = labelMapsOf(manifest, { outputs, prepared, source, masks });
  /** Segments of peaks: findings already, and no labels for further steps. */
  const spots: LabelMap[] = [];
  const findings = outputs.found.flatMap((found) => found.findings(volume));
  await steps.tell(1, total);
  for (const [done, step] of manifest.finish.entries()) {
    switch (step.kind) {
      case 'assignMask':
        assignMask(maps, step, masks);
        break;
      case 'keepLargest':
        keepLargest(maps, source.dims, step);
        break;
      case 'removeSmall':
        for (const map of maps) removeSmall(map, step);
        break;
      case 'fillHoles':
        fillHoles(maps, step);
        break;
      case 'measureLabels':
        findings.push(...measureLabels(maps, step, volume));
        break;
      case 'components':
        for (const [n, map] of maps.entries()) {
          if (!map.segments.some(({ number }) => number === step.label)) continue;
          const found = componentFindings(map, step, volume, freeNumbers([...maps, ...spots]));
          findings.push(...found.findings);
          maps[n] = { ...map, ...found.labelMap };
        }
        break;
      case 'peaks': {
        const heatMap = step.output === undefined ? [...heatMaps.values()][0] : heatMaps.get(step.output);
        if (heatMap === undefined) break;
        refuseFlat(heatMap, step);
        const context = { volume, masks, scoreKind: manifest.scoreKind, numbers: freeNumbers([...maps, ...spots]) };
        const found = await findingsFromPeaks(heatMap, step, context, steps);
        findings.push(...found.findings);
        if (found.labelMap !== null) spots.push(found.labelMap);
        break;
      }
    }
    await steps.tell(done + 2, total);
  }
  refuseImprobable(findings);
  return {
    labelMaps: withFewest([...maps, ...spots]),
    heatMaps: [...heatMaps.values()],
    findings,
    warnings: noticesOf(masks),
  };
}

/** A region is grown and rated in three dimensions. */
function refuseFlat({ grid }: HeatMap, { kind }: { readonly kind: string }): void {
  if (grid.dims.every((count) => count >= 3)) return;
  const why = `the finish step ${kind} looks for peaks in a volume, and this one has ${grid.dims.join(' x ')} voxels`;
  throw new OverreadError('model.unsupported', { why });
}

/** A probability beyond 0 and 1 is none, and must not be shown as one. */
function refuseImprobable(findings: readonly Finding[]): void {
  const odd = findings.find(({ score }) => score?.kind === 'probability' && !(score.value >= 0 && score.value <= 1));
  if (odd === undefined) return;
  throw new OverreadError('pipeline.bad-output', {
    why: `the score of '${odd.label}' is ${odd.score?.value}, and the manifest says that scores are probabilities`,
  });
}
