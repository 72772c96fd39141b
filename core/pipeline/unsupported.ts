import { OverreadError } from '../errors/index.ts';
import type { Manifest } from '../model/index.ts';
import { refuseUnfinishable } from './finish/check.ts';

/**
 * Refuses what can be written in a manifest and has no meaning or is not done: never silently left out.
 * @throws OverreadError `model.unsupported` naming the fields
 */
export function refuseUnsupported(manifest: Manifest): void {
  refuseUnfinishable(manifest);
  const { input, outputs } = manifest;
  const { patch, layout } = input;
  const layered = layout.kind !== '3d';
  if (patch.mode === 'slices' && !layered) throw refusal('input.patch runs slice by slice, and input.layout is 3d');
  if (patch.mode !== 'slidingWindow') return;
  const { blending, mirror } = patch;
  if (layered && mirror.includes('D')) throw refusal('input.patch.mirror names D, which 2-D layouts have not');
  if (layered && blending.kind === 'crop' && blending.halo[0] > 0) {
    throw refusal('input.patch.blending has a halo along D, which 2-D layouts have not');
  }
  for (const { kind, name } of outputs) {
    if (kind === 'labelMap' && blending.kind !== 'crop') {
      throw refusal(
        `labels that the graph chose (output '${name}') cannot be blended: input.patch.blending must be crop`,
      );
    }
    if ((kind === 'labelMap' || kind === 'boxes') && mirror.length > 0) {
      throw refusal(`output '${name}' (${kind}) has no mean over mirror images: input.patch.mirror must be empty`);
    }
  }
}

function refusal(why: string): OverreadError {
  return new OverreadError('model.unsupported', { why });
}
