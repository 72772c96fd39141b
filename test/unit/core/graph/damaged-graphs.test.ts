import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readModel,
  writeModel,
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from '@overread/core/graph';
import { nodulesGraph } from '../../../../models/ct-nodule/graph.ts';
import { answerOf } from '../../../support/ask-everything.ts';
import { uNet } from '../../../support/networks.ts';
import { promptModel } from '../../../support/prompt-model.ts';
import { anchorGraph } from '../../../support/task-models.ts';
import { greedyGraph, halfPrecisionGraph, labelGraph, upAndDownGraph } from '../../../support/test-models.ts';

// Graphs that are sound protobuf and no sound networks: what the engine asks of a graph before it runs is answered or refused by name, and soon.

const long = process.env['OVERREAD_LONG'] === '1';
const numRuns = long ? 600 : 30;
/** Only so that a hang is found, ms. */
const most = long ? 1_800_000 : 60_000;

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
const answers = /^(?:answered|graph\.(?:damaged|over-limit|external-data))$/;

/** Numbers that attributes and shapes should not have, and some that they may. */
const numbers = fc.constantFrom(
  ...[0n, 1n, 2n, 3n, 7n, 64n, 1009n, 2n ** 16n, -1n, -7n],
  ...[2n ** 31n - 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 62n, -(2n ** 63n)],
);
/** Names that a program might trip over; the last is half of a character, which is written as another one. */
const oddNames = fc.constantFrom(
  '',
  'input',
  '__proto__',
  'constructor',
  'toString',
  '\u0000\u001b[2J',
  'é'.repeat(300),
  '\ud800',
);
/** What `auto_pad`, `mode` and their like may be told: not all of it text. */
const bytes = fc.oneof(
  fc.constantFrom('SAME_UPPER', 'SAME_LOWER', 'VALID', 'NOTSET', 'SAME').map((text) => new TextEncoder().encode(text)),
  fc.uint8Array({ maxLength: 8 }),
);
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

const at = (list: readonly unknown[], index: number): number => index % Math.max(1, list.length);
const replaced = <T>(list: readonly T[], index: number, change: (item: T) => T): T[] =>
  list.map((item, n) => (n === at(list, index) ? change(item) : item));
const onNode =
  (index: number, change: (node: NodeProto) => NodeProto): Change =>
  (graph) => ({ ...graph, node: replaced(graph.node, index, change) });

function withAttribute(node: NodeProto, name: string, value: Partial<AttributeProto>): NodeProto {
  const lists = { floats: new Float32Array(), ints: new BigInt64Array(), strings: [], tensors: [], graphs: [] };
  const attribute: AttributeProto = { name, ...lists, ...value };
  return { ...node, attribute: [...node.attribute.filter((other) => other.name !== name), attribute] };
}

/** A tensor that may say one thing and hold another. */
const oddTensor: fc.Arbitrary<TensorProto> = fc
  .record({
    dims: fc.array(numbers, { maxLength: 4 }).map((dims) => BigInt64Array.from(dims)),
    dataType: fc.nat(25),
    rawData: fc.oneof(fc.uint8Array({ maxLength: 16 }), fc.constant(new Uint8Array(800))),
    inList: fc.boolean(),
    outside: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
  })
  .map(({ dims, dataType, rawData, inList, outside }) => ({
    name: 'odd',
    dims: inList ? BigInt64Array.of(BigInt(rawData.length)) : dims,
    dataType,
    ...(inList ? {} : { rawData }),
    floatData: new Float32Array(inList ? rawData : []),
    int32Data: new Int32Array(inList ? rawData : []),
    int64Data: BigInt64Array.from(inList ? rawData : [], BigInt),
    doubleData: new Float64Array(),
    uint64Data: new BigUint64Array(),
    stringData: [],
    externalData: outside ? [{ key: 'location', value: '/etc/passwd' }] : [],
    metadataProps: [],
  }));

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(fc.nat(99), names, fc.array(numbers, { maxLength: 7 }), fc.boolean()).map(([node, name, values, asList]) => {
    const value = asList ? { ints: BigInt64Array.from(values), type: 7 } : { i: values[0] ?? 0n, type: 2 };
    return onNode(node, (one) => withAttribute(one, name, value));
  }),
  fc
    .tuple(fc.nat(99), fc.constantFrom('auto_pad', 'mode', 'keepdims', 'axes'), bytes)
    .map(([node, name, s]) => onNode(node, (one) => withAttribute(one, name, { s, type: 3 }))),
  fc
    .tuple(fc.nat(99), fc.constantFrom('value', 'scales'), oddTensor, fc.boolean())
    .map(([node, name, t, constant]) =>
      onNode(node, (one) => withAttribute(constant ? { ...one, opType: 'Constant' } : one, name, { t, type: 4 })),
    ),
  // The graph in itself, some times over.
  fc.tuple(fc.nat(99), fc.integer({ min: 1, max: 12 })).map(([node, depth]): Change => (graph) => {
    const inside = (left: number): GraphProto =>
      left === 0
        ? graph
        : { ...graph, initializer: [], node: [withAttribute(graph.node[0]!, 'body', { g: inside(left - 1) })] };
    return onNode(node, (one) => withAttribute(one, 'body', { g: inside(depth), type: 5 }))(graph);
  }),
  fc
    .tuple(fc.nat(99), oddNames)
    .map(([node, name]) => onNode(node, (one) => ({ ...one, name, output: [name, ...one.output.slice(1)] }))),
  fc.tuple(oddNames, fc.boolean()).map(([name, asInput]): Change => (graph) => {
    const info = { ...(graph.input[0] ?? { metadataProps: [] }), name };
    return asInput ? { ...graph, input: [...graph.input, info] } : { ...graph, output: [...graph.output, info] };
  }),
  fc.tuple(fc.nat(99), oddTensor).map(([tensor, odd]): Change => (graph) => ({
    ...graph,
    initializer: replaced(graph.initializer, tensor, ({ name }) => ({ ...odd, name })),
  })),
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

/** Null: as it was. */
const opset = fc.option(fc.constantFrom(1n, 6n, 9n, 10n, 11n, 12n, 13n, 17n, 18n, 23n, -1n, 2n ** 62n), { freq: 2 });

describe.each(Object.entries(graphs))('%s', (_name, file) => {
  const model: ModelProto = readModel(file);

  it('is answered as it is', () => {
    expect(answerOf(file)).toBe('answered');
  });

  it('is answered or refused however it is put together', { timeout: most }, () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), opset, (changes, version) => {
        const graph = changes.reduce((changed, apply) => apply(changed), model.graph!);
        const opsetImport = version === null ? model.opsetImport : [{ domain: '', version }];
        expect(answerOf(writeModel({ ...model, opsetImport, graph }))).toMatch(answers);
      }),
      { numRuns },
    );
  });

  it('is answered or refused whatever bytes are changed or cut off', { timeout: most }, () => {
    const edits = fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { maxLength: 8 });
    fc.assert(
      fc.property(edits, fc.nat(file.length), fc.boolean(), (changes, length, cut) => {
        const damaged = file.slice(0, cut ? length : file.length);
        for (const [place, value] of changes) if (place < damaged.length) damaged[place] = value;
        expect(answerOf(damaged)).toMatch(answers);
      }),
      { numRuns },
    );
  });
});
