import type { Manifest } from '../../model/index.ts';

type Output = Manifest['outputs'][number];

/** The output that the label map of a result is made of; undefined where there is none. */
export function labelledOutput({
  outputs,
}: Manifest): Extract<Output, { kind: 'maskLogits' | 'labelMap' }> | undefined {
  return outputs.find((output) => output.kind === 'maskLogits' || output.kind === 'labelMap');
}
