import { GraphBuilder } from '@overread/core/graph';
import type { ManifestSource } from '@overread/core/model';

/** Logits: 0 and the second channel less the first. */
export function differenceGraph(): Uint8Array {
  const g = new GraphBuilder('difference');
  const image = g.input('input', 'float32', [1, 2, 'D', 'H', 'W']);
  const weights = g.initializer('weights', 'float32', [2, 2, 1, 1, 1], Float32Array.of(0, 0, -1, 1));
  g.output(g.node('Conv', [image, weights]), 'float32', [1, 2, 'D', 'H', 'W'], 'logits');
  return g.toBytes();
}

/** An input of two series, `before` and `after`. */
export const twoSeries: ManifestSource['input'] = {
  name: 'input',
  channels: [{ name: 'before' }, { name: 'after' }],
  spacing: 'native',
  patch: { mode: 'whole' },
};
