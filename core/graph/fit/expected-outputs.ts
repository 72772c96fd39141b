import type { Manifest } from '../../model/index.ts';
import type { Extent } from '../inference/value-type.ts';

type Output = Manifest['outputs'][number];

/** What an output of the graph must be. */
export interface ExpectedOutput {
  readonly field: string;
  readonly name: string;
  /** `numbers`: any type whose values can be labels or indices. */
  readonly type: 'floats' | 'numbers';
  /** Shapes that serve, each written as a person writes it; null extents are free. */
  readonly shapes: readonly { readonly text: string; readonly dims: readonly Extent[] }[];
}

/** The outputs that a manifest uses. @param layered 2-D and 2.5-D layouts */
export function expectedOutputs(outputs: readonly Output[], layered: boolean): readonly ExpectedOutput[] {
  return outputs.flatMap((output, at) => outputsOf(output, `outputs[${at}]`, layered));
}

function outputsOf(output: Output, field: string, layered: boolean): readonly ExpectedOutput[] {
  const base = { field: `${field}.name`, name: output.name, type: 'floats' } as const;
  switch (output.kind) {
    case 'maskLogits': {
      const channels = output.labels.length + (output.activation === 'softmax' ? 1 : 0);
      return [{ ...base, shapes: [voxels(channels, layered)] }];
    }
    case 'heatMap':
      return [{ ...base, shapes: [voxels(1, layered)] }];
    case 'labelMap':
      return [
        {
          ...base,
          type: 'numbers',
          shapes: [
            voxels(1, layered),
            layered
              ? { text: '[N, H, W]', dims: [null, null, null] }
              : { text: '[1, D, H, W]', dims: [1, null, null, null] },
          ],
        },
      ];
    case 'boxes':
      return boxOutputs(output, field, layered);
    case 'classScores':
      return [{ ...base, shapes: [rows(output.classes.length + (output.background ? 1 : 0))] }];
    case 'regression':
      return [{ ...base, shapes: [rows(output.values.length)] }];
  }
}

function boxOutputs(
  output: Extract<Output, { kind: 'boxes' }>,
  field: string,
  layered: boolean,
): readonly ExpectedOutput[] {
  const columns = output.classes.length + (output.background ? 1 : 0);
  const list = { text: '[N]', dims: [null] };
  const indexed = output.classIndices !== undefined;
  const batched = ({ text, dims }: ExpectedOutput['shapes'][number]) => ({
    text: text.replace('[', '[1, '),
    dims: [1, ...dims],
  });
  const both = (shape: ExpectedOutput['shapes'][number]) => [shape, batched(shape)];
  const boxes = {
    field: `${field}.name`,
    name: output.name,
    type: 'floats',
    shapes: both(rows(layered ? 4 : 6)),
  } as const;
  const scores = {
    field: `${field}.scores`,
    name: output.scores,
    type: 'floats',
    shapes: indexed || columns === 1 ? [...both(list), ...both(rows(columns))] : both(rows(columns)),
  } as const;
  if (output.classIndices === undefined) return [boxes, scores];
  const indices = {
    field: `${field}.classIndices`,
    name: output.classIndices,
    type: 'numbers',
    shapes: both(list),
  } as const;
  return [boxes, scores, indices];
}

function voxels(channels: number, layered: boolean): ExpectedOutput['shapes'][number] {
  return layered
    ? { text: `[N, ${channels}, H, W]`, dims: [null, channels, null, null] }
    : { text: `[1, ${channels}, D, H, W]`, dims: [1, channels, null, null, null] };
}

function rows(columns: number): ExpectedOutput['shapes'][number] {
  return { text: `[N, ${columns}]`, dims: [null, columns] };
}
