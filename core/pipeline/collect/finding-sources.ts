import type { Finding } from '../../analysis/index.ts';
import { OverreadError } from '../../errors/index.ts';
import type { Grid } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import type { Volume } from '../../volume/index.ts';
import { classFindings } from '../classify/findings.ts';
import { regressionFindings } from '../classify/regression-finding.ts';
import { detectionFindings } from '../detect/findings.ts';
import { BoxCollector } from './boxes.ts';
import { ClassScoresCollector } from './class-scores.ts';
import type { Collector } from './collector.ts';
import { RegressionCollector } from './regression.ts';

type Output = Manifest['outputs'][number];

/** A collector of an output that is no picture, and the findings in it. */
export interface FindingSource {
  readonly collector: Collector;
  /** Once all windows are done. Best score first. */
  findings(volume: Volume): readonly Finding[];
}

/**
 * The outputs of a model that are findings themselves: boxes, class scores, numbers.
 * @param prepared the grid that windows are cut from
 * @throws OverreadError `model.unsupported` for boxes of another rank than the input's, and where mirror images have no mean
 */
export function findingSources(manifest: Manifest, prepared: Grid): readonly FindingSource[] {
  const rank = manifest.input.layout.kind === '3d' ? 3 : 2;
  return manifest.outputs.flatMap((output) => {
    const source = findingSource(output, manifest, prepared, rank);
    if (source !== null) checkMirror(manifest, output);
    return source === null ? [] : [source];
  });
}

function findingSource(output: Output, manifest: Manifest, prepared: Grid, rank: 2 | 3): FindingSource | null {
  switch (output.kind) {
    case 'boxes': {
      const collector = new BoxCollector(output, prepared, rank);
      const { scoreKind } = manifest;
      return {
        collector,
        findings: (volume) => detectionFindings(collector.result(), output, { volume, prepared, scoreKind }),
      };
    }
    case 'classScores': {
      const collector = new ClassScoresCollector(output, rank);
      return {
        collector,
        findings: ({ grid: source }) => classFindings(collector.result(), output, { manifest, prepared, source }),
      };
    }
    case 'regression': {
      const collector = new RegressionCollector(output, rank);
      return { collector, findings: () => regressionFindings(collector.result(), output) };
    }
    case 'maskLogits':
    case 'labelMap':
    case 'heatMap':
      return null;
  }
}

/** Mirror images are averaged as the graph gives them: boxes lie elsewhere in each, and a mean of logits is no mean of scores. */
function checkMirror({ input: { patch } }: Manifest, output: Output): void {
  if (patch.mode !== 'slidingWindow' || patch.mirror.length === 0) return;
  if (output.kind === 'regression' || (output.kind === 'classScores' && output.activation === 'none')) return;
  const why = `output '${output.name}' (${output.kind}) has no mean over mirror images: input.patch.mirror must be empty`;
  throw new OverreadError('model.unsupported', { why });
}
