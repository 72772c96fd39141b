import type { Manifest } from '../../model/index.ts';
import { inspectModel, type ModelValue } from '../inspect/inspect-model.ts';
import type { ModelProto } from '../onnx/types.ts';
import { listed, quoted, shapeText } from './texts.ts';

type Prompts = NonNullable<Manifest['prompts']>;

/** What the decoder is fed or asked for; null extents are free, `dims` null: any shape. */
interface Expected {
  readonly field: string;
  readonly name: string;
  readonly dims: readonly (number | null)[] | null;
}

/** Where the decoder of a promptable model does not fit the manifest: inputs and outputs by name, type and shape. Each as `field: why`. */
export function decoderFaults(prompts: Prompts, decoder: ModelProto): readonly string[] {
  const { inputs, outputs } = inspectModel(decoder);
  const fed = fedInputs(prompts);
  const fedNames = new Set(fed.map(({ name }) => name));
  const others = inputs.filter(({ name }) => !fedNames.has(name));
  return [
    ...fed.flatMap((expected) => valueFaults(expected, inputs, 'input')),
    ...readOutputs(prompts).flatMap((expected) => valueFaults(expected, outputs, 'output')),
    ...(others.length === 0 ? [] : [`prompts: the decoder also wants ${listed(others)}, which nothing feeds`]),
  ];
}

/** As a session of prompts feeds them, all floats. */
function fedInputs({ embeddings, points, pointLabels, previousMask, constants }: Prompts): readonly Expected[] {
  return [
    ...Object.values(embeddings).map((name) => ({ field: 'prompts.embeddings', name, dims: null })),
    { field: 'prompts.points', name: points, dims: [1, null, 2] },
    { field: 'prompts.pointLabels', name: pointLabels, dims: [1, null] },
    ...(previousMask === undefined
      ? []
      : [
          { field: 'prompts.previousMask.name', name: previousMask.name, dims: [1, 1, ...previousMask.size] },
          { field: 'prompts.previousMask.has', name: previousMask.has, dims: [1] },
        ]),
    ...Object.entries(constants).map(([name, values]) => ({
      field: 'prompts.constants',
      name,
      dims: [values.length],
    })),
  ];
}

function readOutputs({ masks, quality }: Prompts): readonly Expected[] {
  return [
    { field: 'prompts.masks', name: masks, dims: [1, null, null, null] },
    ...(quality === undefined ? [] : [{ field: 'prompts.quality', name: quality, dims: [1, null] }]),
  ];
}

function valueFaults(
  { field, name, dims }: Expected,
  values: readonly ModelValue[],
  what: 'input' | 'output',
): readonly string[] {
  const value = values.find((other) => other.name === name);
  if (value === undefined) return [`${field}: the decoder has no ${what} ${quoted(name)}`];
  const { type, shape } = value;
  const isFloat = type === null || type === 'float32' || type === 'float16';
  const wrongType = isFloat
    ? []
    : [`${field}: the decoder's ${what} ${quoted(name)} is ${type}, where floats are needed`];
  if (dims === null || shape === null) return wrongType;
  const fits =
    shape.length === dims.length &&
    shape.every((extent, at) => typeof extent !== 'number' || extent <= 0 || (dims[at] ?? extent) === extent);
  if (fits) return wrongType;
  return [
    ...wrongType,
    `${field}: the decoder's ${what} ${quoted(name)} is ${shapeText(shape)}, where ${shapeText(dims)} is needed`,
  ];
}
