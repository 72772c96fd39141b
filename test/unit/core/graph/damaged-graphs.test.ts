import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOverreadError } from '@overread/core/errors';
import {
  decoderFaults,
  divide,
  fitFaults,
  freeDimensions,
  inspectModel,
  memoryNeed,
  placements,
  readModel,
  rewriteForTarget,
  usesType,
  writeModel,
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type Target,
} from '@overread/core/graph';
import type { Manifest } from '@overread/core/model';
import { nodulesGraph } from '../../../../models/ct-nodule/graph.ts';
import { uNet } from '../../../support/networks.ts';
import { promptModel } from '../../../support/prompt-model.ts';
import { anchorGraph } from '../../../support/task-models.ts';
import { greedyGraph, halfPrecisionGraph, labelGraph, upAndDownGraph } from '../../../support/test-models.ts';
import { tinyManifest } from '../../../support/tiny-manifest.ts';

// Graphs that are sound protobuf and no sound networks: what the engine asks of a graph before it runs is answered or refused by name, and soon.

const long = process.env['OVERREAD_LONG'] === '1';
const numRuns = long ? 600 : 30;
/** Only so that a hang is found, ms. */
const most = long ? 1_800_000 : 60_000;

const targets: readonly Target[] = ['webgpu', 'node-gpu', 'wasm', 'node-cpu'];
const prompted = promptModel([18, 24]);
const graphs: Readonly<Record<string, Uint8Array>> = {
  'a U-Net': uNet(2, 3, 3),
  'transposed and grouped convolutions': upAndDownGraph({ constant: true }),
  'labels chosen inside': labelGraph(),
  'half precision': halfPrecisionGraph(),
  'repeated channels': greedyGraph(7),
  'a detector': anchorGraph(3, 4, [0, 0, 0, 0, 0, 0]),
  'a matched filter': nodulesGraph(),
  'an encoder': prompted.graph,
  'a decoder': prompted.decoder,
};
const plain = tinyManifest(new Uint8Array(1));
const manifests: readonly Manifest[] = [plain, prompted.manifest, { ...plain, outputs: [] }];

/** All that is asked of a graph before it runs. */
function askEverything(bytes: Uint8Array): void {
  const model = readModel(bytes);
  inspectModel(model);
  usesType(model, 'float16');
  for (const manifest of manifests) fitFaults(manifest, model);
  if (prompted.manifest.prompts !== undefined) decoderFaults(prompted.manifest.prompts, model);
  for (const inputShapes of [{}, { input: [1, 1, 12, 20, 24] }, { input: [1, 1, 0, -3, 2 ** 40] }]) {
    freeDimensions(model, inputShapes);
    const { weights, values, largest } = memoryNeed(model, inputShapes);
    expect([weights, values, largest].some(Number.isNaN)).toBe(false);
    for (const target of targets) {
      placements(model, target, inputShapes);
      const { model: rewritten } = rewriteForTarget(model, target, { inputShapes });
      if (rewritten !== model) readModel(writeModel(rewritten));
    }
  }
  const outputs = model.graph?.output.map(({ name }) => name) ?? [];
  const request = { input: 'input', channels: 1, size: [40, 48, 56] as const, outputs, memory: 200_000 };
  const divided = divide(model, { ...request, labels: outputs[0] ?? null });
  if (divided !== null && 'model' in divided) readModel(writeModel(divided.model));
}

function codeOf(bytes: Uint8Array): string {
  try {
    askEverything(bytes);
    return 'answered';
  } catch (error) {
    if (isOverreadError(error)) return error.code;
    throw error;
  }
}

const answers = /^(?:answered|graph\.(?:damaged|over-limit|external-data))$/;

/** Numbers that attributes and shapes should not have, and some that they may. */
const numbers = fc.constantFrom(0n, 1n, 2n, 3n, 7n, -1n, -7n, 2n ** 31n, 2n ** 53n, 2n ** 62n, -(2n ** 63n));
const names = fc.constantFrom(
  ...[
    'kernel_shape',
    'strides',
    'pads',
    'dilations',
    'group',
    'output_padding',
    'output_shape',
    'axis',
    'axes',
    'to',
    'perm',
  ],
);
const operators = fc.constantFrom(
  ...[
    'Conv',
    'ConvTranspose',
    'Reshape',
    'Transpose',
    'Concat',
    'Resize',
    'Slice',
    'Pad',
    'Tile',
    'Squeeze',
    'Unsqueeze',
  ],
  ...[
    'Split',
    'Expand',
    'Gather',
    'Flatten',
    'MatMul',
    'ArgMax',
    'Cast',
    'Shape',
    'ConstantOfShape',
    'Loop',
    'MaxPool',
    'ReduceMean',
    'GlobalAveragePool',
    'InstanceNormalization',
  ],
);

type Change = (graph: GraphProto) => GraphProto;
type AttributeChange = readonly [name: string, values: readonly bigint[], asList: boolean];

const at = (list: readonly unknown[], index: number): number => index % Math.max(1, list.length);
const replaced = <T>(list: readonly T[], index: number, change: (item: T) => T): T[] =>
  list.map((item, n) => (n === at(list, index) ? change(item) : item));
const onNode =
  (index: number, change: (node: NodeProto) => NodeProto): Change =>
  (graph) => ({ ...graph, node: replaced(graph.node, index, change) });

function withAttribute(node: NodeProto, [name, values, asList]: AttributeChange): NodeProto {
  const value = asList ? { ints: BigInt64Array.from(values), type: 7 } : { i: values[0] ?? 0n, type: 2 };
  const lists = { floats: new Float32Array(), ints: new BigInt64Array(), strings: [], tensors: [], graphs: [] };
  const attribute: AttributeProto = { name, ...lists, ...value };
  return { ...node, attribute: [...node.attribute.filter((other) => other.name !== name), attribute] };
}

const change: fc.Arbitrary<Change> = fc.oneof(
  fc
    .tuple(fc.nat(99), names, fc.array(numbers, { maxLength: 7 }), fc.boolean())
    .map(([node, ...attribute]) => onNode(node, (one) => withAttribute(one, attribute))),
  fc.tuple(fc.nat(99), operators).map(([node, opType]) => onNode(node, (one) => ({ ...one, opType }))),
  // Values wired anew: to later nodes (circles), to themselves, to nothing.
  fc.tuple(fc.nat(99), fc.nat(9), fc.nat(99)).map(([node, input, from]): Change => (graph) => {
    const values = [
      '',
      'nowhere',
      ...graph.node.flatMap(({ output }) => output),
      ...graph.initializer.map(({ name }) => name),
    ];
    const name = values[at(values, from)]!;
    return onNode(node, (one) => ({ ...one, input: replaced(one.input, input, () => name) }))(graph);
  }),
  fc.nat(99).map((node) => onNode(node, (one) => ({ ...one, input: one.input.slice(0, -1) }))),
  fc
    .nat(99)
    .map((node): Change => (graph) => ({ ...graph, node: graph.node.filter((_, n) => n !== at(graph.node, node)) })),
  fc.constant<Change>((graph) => ({ ...graph, node: graph.node.toReversed() })),
  // Weights of another shape, of as many values or of none.
  fc
    .tuple(fc.nat(99), fc.array(numbers, { maxLength: 6 }), fc.boolean())
    .map(([tensor, shape, empty]): Change => (graph) => ({
      ...graph,
      initializer: replaced(graph.initializer, tensor, (one) => {
        const dims = BigInt64Array.from(empty ? [...shape, 0n] : [1n, ...one.dims].toReversed());
        return empty ? { ...one, dims, rawData: new Uint8Array() } : { ...one, dims };
      }),
    })),
  fc.array(numbers, { maxLength: 7 }).map((dims): Change => (graph) => ({
    ...graph,
    input: graph.input.map((one) => ({
      ...one,
      type: { tensorType: { elemType: 1, shape: { dim: dims.map((dimValue) => ({ dimValue })) } } },
    })),
  })),
);

describe.each(Object.entries(graphs))('%s', (_name, bytes) => {
  const model: ModelProto = readModel(bytes);

  it('is answered as it is', () => {
    expect(codeOf(bytes)).toBe('answered');
  });

  it('is answered or refused however it is put together', { timeout: most }, () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const graph = changes.reduce((changed, apply) => apply(changed), model.graph!);
        expect(codeOf(writeModel({ ...model, graph }))).toMatch(answers);
      }),
      { numRuns },
    );
  });

  it('is answered or refused whatever bytes are changed or cut off', { timeout: most }, () => {
    const edits = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 8 });
    fc.assert(
      fc.property(edits, fc.nat(bytes.length), fc.boolean(), (changes, length, cut) => {
        const damaged = bytes.slice(0, cut ? length : bytes.length);
        for (const [place, value] of changes) if (place < damaged.length) damaged[place] = value;
        expect(codeOf(damaged)).toMatch(answers);
      }),
      { numRuns },
    );
  });
});
