import type { Manifest } from '../../model/index.ts';
import { inferValues } from '../inference/infer.ts';
import type { Extent, ValueType } from '../inference/value-type.ts';
import { inspectModel, type ModelValue } from '../inspect/inspect-model.ts';
import type { ElementType } from '../onnx/element-type.ts';
import type { ModelProto } from '../onnx/types.ts';
import { standardOpset } from '../standard-domain.ts';
import { expectedInput, type ExpectedAxis } from './expected-input.ts';
import { expectedOutputs, type ExpectedOutput } from './expected-outputs.ts';
import { listed, quoted, shapeText } from './texts.ts';

type Described = Pick<Manifest, 'input' | 'outputs' | 'prompts' | 'selfTest'>;

/** ONNX Runtime promises nothing of operator sets before this one. */
const firstOpset = 7;

/**
 * Where a graph and its manifest do not fit each other, each fault as `field: why`: names, types, ranks, channels and the
 * extents that the graph fixes. What the graph leaves open is believed.
 */
export function fitFaults(manifest: Described, model: ModelProto): readonly string[] {
  const { inputs, outputs } = inspectModel(model);
  const { input } = manifest;
  const axes = expectedInput(input);
  const values =
    model.graph === undefined
      ? new Map<string, ValueType>()
      : inferValues(model.graph, { [input.name]: axes.map(({ extent }) => extent) });
  const known = (name: string) => (outputs.some((output) => output.name === name) ? values.get(name) : undefined);
  return [
    ...opsetFaults(model),
    ...inputFaults(manifest, axes, inputs),
    ...expectedOutputs(manifest.outputs, input.layout.kind !== '3d').flatMap((output) =>
      outputFaults(output, known(output.name), outputs),
    ),
    ...embeddingFaults(manifest.prompts, outputs),
  ];
}

function opsetFaults(model: ModelProto): readonly string[] {
  const opset = standardOpset(model);
  return opset < firstOpset
    ? [`graph: operator set ${opset} is older than ${firstOpset}, which ONNX Runtime asks for`]
    : [];
}

function inputFaults(
  { input, selfTest }: Described,
  axes: readonly ExpectedAxis[],
  inputs: readonly ModelValue[],
): readonly string[] {
  const others = inputs.filter(({ name }) => name !== input.name);
  const unfed = others.length === 0 ? [] : [`input.name: the graph also wants ${listed(others)}, which nothing feeds`];
  const value = inputs.find(({ name }) => name === input.name);
  if (value === undefined) return [`input.name: the graph has no input ${quoted(input.name)}, only ${listed(inputs)}`];
  const type =
    value.type === input.type
      ? []
      : [`input.type: the graph's input is ${value.type ?? 'of an unknown type'}, not ${input.type}`];
  const misfits = shapeFaults(value, axes);
  // Both are about windows that fit.
  const further =
    misfits.length > 0 ? [] : [...smallerFaults(input, value), ...selfTestFaults(selfTest.shape, axes, value)];
  return [...unfed, ...type, ...misfits, ...further];
}

function shapeFaults({ shape }: ModelValue, axes: readonly ExpectedAxis[]): readonly string[] {
  if (shape === null) return [];
  const wanted = `[${axes.map(({ name, extent }) => extent ?? name).join(', ')}]`;
  const found = shapeText(shape);
  if (shape.length !== axes.length) {
    return [`input.layout: the graph's input is ${found}, where the manifest gives ${wanted}`];
  }
  return axes.flatMap(({ name, extent }, at) => {
    const fixed = shape[at];
    if (typeof fixed !== 'number' || fixed <= 0 || fixed === extent) return [];
    const given = extent === null ? 'any extent' : String(extent);
    const field = name === 'C' ? 'input.channels' : 'input.patch';
    return [
      `${field}: the graph takes ${fixed} along ${name}, where the manifest gives ${given} (${found}, ${wanted})`,
    ];
  });
}

/** The self-test's input is one call: of the rank and channels of every other, and of an extent that the graph takes. */
function selfTestFaults(
  shape: readonly number[],
  axes: readonly ExpectedAxis[],
  { shape: declared }: ModelValue,
): readonly string[] {
  const taken = (at: number, name: ExpectedAxis['name'], extent: Extent): boolean => {
    const given = shape[at];
    const fixed = declared?.[at];
    if (typeof fixed === 'number' && fixed > 0 && fixed !== given) return false;
    return name !== 'C' || given === extent;
  };
  const fits = shape.length === axes.length && axes.every(({ name, extent }, at) => taken(at, name, extent));
  if (fits) return [];
  const wanted = axes.map(({ name, extent }, at) => declared?.[at] ?? (name === 'C' ? extent : null) ?? name);
  return [`selfTest.shape: is [${shape.join(', ')}], where the graph takes [${wanted.join(', ')}]`];
}

/** A graph of fixed extents takes no other window. */
function smallerFaults({ patch }: Described['input'], { shape }: ModelValue): readonly string[] {
  if (patch.mode !== 'slidingWindow' || patch.smaller.length === 0) return [];
  const fixed = (shape ?? []).slice(2).some((extent) => typeof extent === 'number' && extent > 0);
  return fixed ? ['input.patch.smaller: the graph takes windows of one size only'] : [];
}

const floats: ReadonlySet<ElementType> = new Set<ElementType>(['float32', 'float16']);
const numbers: ReadonlySet<ElementType> = new Set<ElementType>([...floats, 'uint8', 'int8', 'int32', 'int64', 'bool']);

function outputFaults(
  expected: ExpectedOutput,
  value: ValueType | undefined,
  outputs: readonly ModelValue[],
): readonly string[] {
  const { field, name, type, shapes } = expected;
  if (value === undefined) return [`${field}: the graph has no output ${quoted(name)}, only ${listed(outputs)}`];
  const types = type === 'floats' ? floats : numbers;
  const wrongType =
    value.type === null || types.has(value.type)
      ? []
      : [`${field}: output ${quoted(name)} is ${value.type}, where ${[...types].join(' or ')} is needed`];
  const { shape } = value;
  if (shape === null || shapes.some(({ dims }) => fits(shape, dims))) return wrongType;
  const found = shapeText(shape);
  const wanted = shapes.map(({ text }) => text).join(' or ');
  return [...wrongType, `${field}: output ${quoted(name)} is ${found}, where ${wanted} is needed`];
}

function fits(shape: readonly Extent[], dims: readonly Extent[]): boolean {
  return shape.length === dims.length && shape.every((extent, at) => (extent ?? dims[at]) === (dims[at] ?? extent));
}

function embeddingFaults(prompts: Described['prompts'], outputs: readonly ModelValue[]): readonly string[] {
  return Object.keys(prompts?.embeddings ?? {})
    .filter((embedding) => !outputs.some(({ name }) => name === embedding))
    .map((name) => `prompts.embeddings: the encoder has no output ${quoted(name)}, only ${listed(outputs)}`);
}
