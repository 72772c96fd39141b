import { elementTypes, float, type GraphProto, type ModelProto } from '@overread/core/graph';
import { createAttribute } from '../../core/graph/attribute.ts';
import { createNode, createValueInfo, type Attributes, type Dimension } from '../../core/graph/create.ts';
import { createInts, createTensor } from '../../core/graph/tensor/create.ts';

type Node = GraphProto['node'][number];
type Tensor = GraphProto['initializer'][number];

interface Parts {
  readonly node: readonly Node[];
  readonly initializer?: readonly Tensor[];
  readonly input?: GraphProto['input'];
  readonly output?: GraphProto['output'];
  readonly valueInfo?: GraphProto['valueInfo'];
}

function graphOf({ node, initializer = [], input = [image()], output, valueInfo = [] }: Parts): GraphProto {
  const last = node.at(-1)?.output[0] ?? 'input';
  return {
    name: 'hostile',
    node,
    initializer,
    input,
    output: output ?? [value(last)],
    valueInfo,
    metadataProps: [],
  };
}

function modelOf(parts: Parts, opset = 17): ModelProto {
  return {
    irVersion: 8n,
    graph: graphOf(parts),
    opsetImport: [{ domain: '', version: BigInt(opset) }],
    metadataProps: [],
    functions: [],
  };
}

const image = (...spatial: readonly Dimension[]) =>
  createValueInfo('input', 'float32', [1, 1, ...(spatial.length === 0 ? [40, 48, 56] : spatial)]);
const value = (name: string) => createValueInfo(name, 'float32', null);
const node = (opType: string, input: readonly string[], output: readonly string[], attributes: Attributes = {}): Node =>
  createNode({ opType, name: '', input, output, attributes });
const floats = (name: string, dims: readonly number[]): Tensor =>
  createTensor(name, 'float32', dims, new Float32Array(dims.reduce((product, extent) => product * extent, 1)).fill(1));
const times = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));
/** Each node reads the one before. */
const chain = (
  count: number,
  opType: string,
  attributes: Attributes = {},
  further: readonly string[] = [],
  from = 'input',
): Node[] => times(count, (at) => node(opType, [at === 0 ? from : `v${at - 1}`, ...further], [`v${at}`], attributes));
/** Each node reads the input. */
const fan = (count: number, opType: string, attributes: Attributes = {}, further: readonly string[] = []): Node[] =>
  times(count, (at) => node(opType, ['input', ...further], [`v${at}`], attributes));

const primes = [1_048_573, 1_048_571, 1_048_559, 1_048_549, 1_048_517, 1_048_507, 1_048_447, 1_048_433];

function nested(depth: number, width: number): GraphProto {
  const inside: Node[] =
    depth === 0 ? [] : [node('Loop', [], [`l${depth}`], { body: { graph: nested(depth - 1, width) } })];
  return graphOf({ node: [...inside, ...fan(width, 'Relu')], input: [] });
}

/** A float16 tensor in the list of int32, as a file may have it: to be narrowed by whoever reads it. */
const wideHalves = (name: string, count: number): Tensor => ({
  name,
  dims: BigInt64Array.of(BigInt(count)),
  dataType: elementTypes.float16.code,
  int32Data: new Int32Array(count),
  floatData: new Float32Array(),
  int64Data: new BigInt64Array(),
  doubleData: new Float64Array(),
  uint64Data: new BigUint64Array(),
  stringData: [],
  externalData: [],
  metadataProps: [],
});

/**
 * Graphs that are sound to the letter, near 1 MB as files, and made to cost as much as they can, each in its own way.
 * @param share of that size, for tests that are to be short
 */
export const hostileGraphs = (share: number): Readonly<Record<string, () => ModelProto>> => {
  const many = (count: number): number => Math.ceil(count * share);
  return {
    'a chain of nodes': () => modelOf({ node: chain(many(40_000), 'Relu') }),
    'a chain of names behind the labels': () =>
      modelOf({
        node: [
          node('Relu', ['input'], ['x']),
          node('ArgMax', ['x'], ['y']),
          ...chain(many(40_000), 'Identity', {}, [], 'y'),
        ],
      }),
    'a chain of names behind a last Conv': () =>
      modelOf({
        initializer: [floats('w', [3, 1, 1, 1, 1])],
        node: [node('Conv', ['input', 'w'], ['y']), ...chain(many(40_000), 'Identity', {}, [], 'y')],
      }),
    'a circle of nodes': () =>
      modelOf({ node: times(many(40_000), (at) => node('Identity', [`v${(at + 1) % many(40_000)}`], [`v${at}`])) }),
    'many outputs of labels': () =>
      modelOf({
        node: [
          ...times(many(12_000), (at) => node('ArgMax', [`x${at}`], [`v${at}`])),
          ...times(many(12_000), (at) => node('Relu', ['input'], [`x${at}`])),
        ],
        output: times(many(12_000), (at) => value(`v${at}`)),
      }),
    'many outputs behind one chain of labels': () =>
      modelOf({
        node: [
          node('Relu', ['input'], ['x']),
          node('ArgMax', ['x'], ['y']),
          ...chain(many(15_000), 'Not', {}, [], 'y'),
          ...times(many(10_000), (at) => node('Not', [`v${many(15_000) - 1}`], [`o${at}`])),
        ],
        output: times(many(10_000), (at) => value(`o${at}`)),
      }),
    'many outputs behind one wide node of labels': () =>
      modelOf({
        node: [
          ...times(many(8_000), (at) => node('ArgMax', ['input'], [`v${at}`])),
          node(
            'Concat',
            times(many(8_000), (at) => `v${at}`),
            ['y'],
          ),
          ...times(many(8_000), (at) => node('Not', ['y'], [`o${at}`])),
        ],
        output: times(many(8_000), (at) => value(`o${at}`)),
      }),
    'a chain of activations behind a last Conv': () =>
      modelOf({
        initializer: [floats('w', [3, 1, 1, 1, 1])],
        node: [node('Conv', ['input', 'w'], ['y']), ...chain(many(40_000), 'Relu', {}, [], 'y')],
      }),
    'extents reckoned with at length': () =>
      modelOf({
        node: [
          node('Shape', ['input'], ['s']),
          ...chain(many(30_000), 'Add', {}, ['s'], 's'),
          node('ConstantOfShape', [`v${many(30_000) - 1}`], ['y']),
        ],
      }),
    'many declared values': () =>
      modelOf({
        node: [
          ...times(many(6000), (at) => node('Relu', ['input'], [`x${at}`])),
          ...times(many(6000), (at) => node('ArgMax', [`x${at}`], [`v${at}`])),
        ],
        output: times(many(6000), (at) => value(`v${at}`)),
        valueInfo: times(many(24_000), (at) => value(`w${at}`)),
      }),
    'a node of many inputs': () =>
      modelOf({ node: [node('Sum', new Array<string>(many(300_000)).fill('input'), ['y'])] }),
    'a Concat of many inputs': () =>
      modelOf({ node: [node('Concat', new Array<string>(many(300_000)).fill('input'), ['y'], { axis: 1 })] }),
    'a node of many outputs': () =>
      modelOf({
        node: [
          node(
            'Relu',
            ['input'],
            times(many(130_000), (at) => `${at}`),
          ),
        ],
      }),
    'a Split into many': () =>
      modelOf(
        {
          node: [
            node(
              'Split',
              ['input'],
              times(many(90_000), (at) => `${at}`),
              { axis: 1, split: new Array<number>(many(90_000)).fill(1) },
            ),
          ],
        },
        11,
      ),
    'a node of many attributes': () => {
      const split = node(
        'Split',
        ['input'],
        times(many(50_000), (at) => `${at}`),
      );
      return modelOf({ node: [{ ...split, attribute: times(many(50_000), (at) => createAttribute(`${at}`, 0)) }] });
    },
    'many inputs of the graph': () =>
      modelOf({
        input: [image(), ...times(many(60_000), (at) => ({ name: `${at}`, metadataProps: [] }))],
        node: [node('Relu', ['input'], ['y'])],
      }),
    'many operator sets': () => ({
      ...modelOf({ initializer: [floats('w', [4, 1, 3, 3, 3])], node: fan(many(10_000), 'Conv', { group: 2 }, ['w']) }),
      opsetImport: [...times(many(200_000), () => ({ domain: 'x' })), { version: 17n }],
    }),
    'an input of many axes': () =>
      modelOf({
        input: [createValueInfo('input', 'float32', new Array<number>(many(100_000)).fill(1))],
        node: chain(many(12_000), 'Relu'),
      }),
    'axes that grow': () =>
      modelOf({
        initializer: [
          createInts(
            'axes',
            times(64, (at) => at),
          ),
        ],
        node: chain(many(20_000), 'Unsqueeze', {}, ['axes']),
      }),
    'shapes gathered': () =>
      modelOf({
        initializer: [floats('i', new Array<number>(60).fill(1))],
        node: chain(many(20_000), 'Gather', {}, ['i']),
      }),
    'a long list of axes': () =>
      modelOf({
        node: fan(60, 'ReduceMean', { axes: times(many(4000), (at) => at) }).concat(
          fan(60, 'Transpose', { perm: times(many(4000), (at) => at) }).map((one) => ({
            ...one,
            output: [`t${one.output[0]!}`],
          })),
        ),
      }),
    'a kernel without end': () =>
      modelOf({ node: chain(300, 'MaxPool', { kernel_shape: [2 ** 31, 2 ** 50, 2 ** 52] }) }),
    'a reach beyond the volume': () =>
      modelOf({
        node: [
          node('MaxPool', ['input'], ['y'], {
            kernel_shape: [3, 3, 3],
            dilations: [2 ** 30, 2 ** 40, 2 ** 52],
            pads: new Array<number>(6).fill(2 ** 30),
          }),
        ],
      }),
    'strides that multiply': () =>
      modelOf({ node: chain(300, 'MaxPool', { kernel_shape: [1, 1, 1], strides: [2 ** 40, 3, 1] }) }),
    'negative strides and pads': () =>
      modelOf({
        node: chain(300, 'MaxPool', {
          kernel_shape: [3, 3, 3],
          strides: [-1, 0, -3],
          pads: new Array<number>(6).fill(-(2 ** 40)),
          dilations: [-7, 0, 2],
        }),
      }),
    'strides up and down': () =>
      modelOf({
        initializer: [floats('w', [1, 1, 1, 1, 1])],
        node: times(many(4000), (at) =>
          node(at % 2 === 0 ? 'ConvTranspose' : 'Conv', [at === 0 ? 'input' : `v${at - 1}`, 'w'], [`v${at}`], {
            strides: at % 2 === 0 ? [3, 5, 7] : [7, 3, 5],
          }),
        ),
      }),
    'a stride of many phases': () =>
      modelOf({
        initializer: [floats('w', [1, 1, 1, 1, 1])],
        node: [node('ConvTranspose', ['input', 'w'], ['y'], { strides: [600, 600, 600] })],
      }),
    'one kernel for many transposed convolutions': () =>
      modelOf({
        initializer: [floats('w', [50, 50, 4, 4, 4])],
        node: fan(many(5000), 'ConvTranspose', { strides: [2, 2, 2] }, ['w']),
      }),
    'one kernel for many grouped convolutions': () =>
      modelOf({
        initializer: [floats('w', [16_000, 1, 1, 1, 1])],
        node: fan(many(12_000), 'Conv', { group: 16_000 }, ['w']),
      }),
    'groups beyond counting': () =>
      modelOf({
        initializer: [createTensor('w', 'uint8', [500_000, 1, 1, 1, 1], new Uint8Array(500_000))],
        node: fan(many(10_000), 'Conv', { group: 500_000 }, ['w']),
      }),
    'many normalizations': () =>
      modelOf({ initializer: [floats('s', [1])], node: chain(many(14_000), 'InstanceNormalization', {}, ['s', 's']) }),
    'normalizations of many axes': () =>
      modelOf({
        initializer: [floats('s', [1])],
        input: [image(...new Array<number>(62).fill(4))],
        node: chain(many(14_000), 'InstanceNormalization', {}, ['s', 's']),
      }),
    'one long scale for many normalizations': () =>
      modelOf({
        initializer: [floats('s', [100_000])],
        node: chain(many(12_000), 'InstanceNormalization', {}, ['s', 's']),
      }),
    'normalizations of prime lengths': () =>
      modelOf({
        initializer: [floats('s', [1]), ...primes.map((prime) => createInts(`p${prime}`, [1, 1, prime]))],
        node: times(many(5000), (at) => [
          node('Reshape', ['input', `p${primes[at % primes.length]!}`], [`r${at}`]),
          node('InstanceNormalization', [`r${at}`, 's', 's'], [`v${at}`]),
        ]).flat(),
      }),
    'means one after another': () => modelOf({ node: chain(many(20_000), 'ReduceMean', { axes: [2, 3, 4] }) }),
    'one setting in the wrong list, read often': () =>
      modelOf({ initializer: [wideHalves('axes', many(200_000))], node: fan(many(15_000), 'Reshape', {}, ['axes']) }),
    'one kernel in the wrong list, read often': () =>
      modelOf({
        initializer: [
          { ...wideHalves('w', many(200_000)), dims: BigInt64Array.of(BigInt(many(200_000)), 1n, 1n, 1n, 1n) },
        ],
        node: fan(many(10_000), 'Conv', { group: 3 }, ['w']),
      }),
    'a name without end': () => {
      const name = 'x'.repeat(many(250_000));
      const s = [floats('s', [1])];
      return modelOf({
        initializer: s,
        node: [node('Relu', ['input'], [name]), node('InstanceNormalization', [name, 's', 's'], ['y'])],
      });
    },
    'graphs in graphs, all of them wide': () =>
      modelOf({
        node: [node('Loop', [], ['y'], { body: { graph: nested(10, many(3000)) } }), node('Relu', ['input'], ['z'])],
      }),
    'many small graphs': () => {
      const body = { graph: graphOf({ node: [], input: [], output: [] }) };
      return modelOf({ node: times(many(20_000), (at) => node('If', ['input'], [`v${at}`], { then_branch: body })) });
    },
    'constants without end': () =>
      modelOf({
        node: times(many(15_000), (at) =>
          node('Constant', [], [`v${at}`], { value: { tensor: createInts('', [at]) } }),
        ),
      }),
    'sizes that multiply beyond any number': () =>
      modelOf({
        initializer: [createInts('r', [2 ** 40, 2 ** 40, 2 ** 40, 2 ** 40, 2 ** 40])],
        node: chain(many(10_000), 'Tile', {}, ['r']),
      }),
    'an input of the largest extents': () =>
      modelOf({ input: [image(...new Array<number>(40).fill(2 ** 31))], node: chain(many(20_000), 'Relu') }),
    'names that a program might trip over': () =>
      modelOf({
        node: [
          node('__proto__', ['input'], ['constructor'], { __proto__x: 1 }),
          node('toString', ['constructor'], ['\u0000\u001b[31m\u202e']),
          node('Relu', ['\u0000\u001b[31m\u202e'], ['hasOwnProperty'], { kernel_shape: float([Number.NaN]) }),
        ],
        input: [image(), createValueInfo('__proto__', 'float32', ['__proto__', 'constructor'])],
      }),
  };
};
