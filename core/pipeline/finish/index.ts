import type { Finding, HeatMap, LabelMap } from '../../analysis/index.ts';
import type { Notice } from '../../errors/index.ts';
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
        const context = { volume, masks, scoreKind: manifest.scoreKind, numbers: freeNumbers([...maps, ...spots]) };
        const found = await findingsFromPeaks(heatMap, step, context, steps);
        findings.push(...found.findings);
        if (found.labelMap !== null) spots.push(found.labelMap);
        break;
      }
    }
    await steps.tell(done + 2, total);
  }
  return {
    labelMaps: withFewest([...maps, ...spots]),
    heatMaps: [...heatMaps.values()],
    findings,
    warnings: noticesOf(masks),
  };
}
