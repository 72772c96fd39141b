import { GraphBuilder } from '@overread/core/graph';
import type { ManifestSource } from '@overread/core/model';
import { packageOf, type PackageFiles } from './test-models.ts';
import { kindOf } from './task-models.ts';

type Output = Extract<ManifestSource['outputs'][number], { kind: 'classScores' }>;

/**
 * A classifier of whole volumes with three classes: convolution, ReLU, convolution, mean over all voxels. Input [1, 1, D, H, W], output
 * `scores` [1, 3].
 */
function scoringGraph(): Uint8Array {
  const g = new GraphBuilder('scoring');
  const weights = (name: string, dims: readonly number[], gain = 0.25) => {
    const count = dims.reduce((product, length) => product * length, 1);
    return g.initializer(
      name,
      'float32',
      dims,
      Float32Array.from({ length: count }, (_, n) => Math.sin(n * 1.7) * gain),
    );
  };
  const image = g.input('input', 'float32', [1, 1, 'd', 'h', 'w']);
  const features = g.node('Relu', [
    g.node('Conv', [image, weights('w0', [4, 1, 3, 3, 3])], { pads: [1, 1, 1, 1, 1, 1] }),
  ]);
  const maps = g.node('Conv', [features, weights('w1', [3, 4, 1, 1, 1], 8)]);
  const means = g.node('ReduceMean', [maps], { axes: [2, 3, 4], keepdims: 0 });
  g.output(means, 'float32', [1, 3], 'scores');
  return g.toBytes();
}

export const scoredClasses = [
  kindOf('Consolidation', '95436008'),
  kindOf('Pleural effusion', '60046008'),
  kindOf('Emphysema', '87433001'),
];

export function scoringOutput(saliency: Output['saliency']): Output {
  return { kind: 'classScores', name: 'scores', activation: 'sigmoid', classes: scoredClasses, saliency };
}

/** Its package, explained by blocks of this size along [D, H, W] that lie side by side. */
export function scoringPackage(id: string, block: readonly [number, number, number]): Promise<PackageFiles> {
  const [d, h, w] = block;
  return packageOf(scoringGraph(), [1, 1, 6, 8, 10], {
    id,
    input: {
      name: 'input',
      spacing: 'native',
      intensity: [{ kind: 'zScore' }],
      patch: { mode: 'whole' },
    },
    outputs: [scoringOutput({ kind: 'occlusion', size: [d, h, w], step: [d, h, w], fill: 0 })],
    finish: [],
  });
}
