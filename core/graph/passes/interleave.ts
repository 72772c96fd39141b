import type { NodeProto } from '../onnx/types.ts';
import type { GraphEdit } from '../rewrite/edit.ts';

/**
 * Depth to space in 3-D: [N, channels x sD x sH x sW, D, H, W] to [N, channels, D sD, H sH, W sW], the phases of a channel
 * beside each other in the input, the last axis fastest. Works for free extents too: the shapes are computed in the
 * graph, which ONNX Runtime folds to constants where the extents are fixed.
 */
export function interleaveNodes(
  edit: GraphEdit,
  value: string,
  channels: number,
  strides: readonly number[],
): readonly NodeProto[] {
  const rank = strides.length;
  const axes = strides.map((_, at) => at);
  const shape = edit.node('Shape', [value]);
  const spatial = edit.node(
    'Gather',
    [
      shape.output[0]!,
      edit.addInts(
        `${value}/axes`,
        axes.map((at) => at + 2),
      ),
    ],
    {
      axis: 0,
    },
  );
  // In the shape of a Reshape, 0 keeps the extent: of the batch.
  const apart = edit.node('Concat', [edit.addInts(`${value}/phases`, [0, channels, ...strides]), spatial.output[0]!], {
    axis: 0,
  });
  const scaled = edit.node('Mul', [spatial.output[0]!, edit.addInts(`${value}/strides`, strides)]);
  const together = edit.node('Concat', [edit.addInts(`${value}/channels`, [0, channels]), scaled.output[0]!], {
    axis: 0,
  });

  const split = edit.node('Reshape', [value, apart.output[0]!]);
  const perm = [0, 1, ...axes.flatMap((at) => [2 + rank + at, 2 + at])];
  const moved = edit.node('Transpose', [split.output[0]!], { perm });
  const joined = edit.node('Reshape', [moved.output[0]!, together.output[0]!]);
  return [shape, spatial, apart, scaled, together, split, moved, joined];
}
