import {
  GraphBuilder,
  defaultLimits,
  float,
  inspectModel,
  placements,
  readModel,
  rewriteForTarget,
  writeModel,
  type GraphLimits,
  type TensorProto,
} from '@overread/core/graph';
import { isOverreadError } from '@overread/core/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomValues } from '../../../support/graph-run.ts';

/** Every kind of field that we write: attributes of all types, a subgraph, several tensors, free and fixed extents. */
function sample(): GraphBuilder {
  const branch = (value: number) => {
    const inner = new GraphBuilder(`branch ${value}`);
    inner.output(inner.scalar(value, `constant ${value}`), 'float32', []);
    return { graph: inner.toGraph() };
  };
  const builder = new GraphBuilder('sample', { opset: 17, producerVersion: '1', metadata: { licence: 'MIT' } });
  const x = builder.input('x', 'float32', [1, 2, 'D', 'H', 'W']);
  const w = builder.initializer('w', 'float32', [2, 3, 2, 2, 2], randomValues(48, 1));
  const up = builder.node('ConvTranspose', [x, w], { strides: [2, 2, 2], auto_pad: 'VALID' });
  const condition = builder.initializer('condition', 'bool', [], Uint8Array.of(1));
  const scale = builder.node('If', [condition], { then_branch: branch(2), else_branch: branch(3) });
  const scaled = builder.node('Mul', [builder.node('LeakyRelu', [up], { alpha: float(0.1) }), scale]);
  builder.output(builder.node('ArgMax', [scaled], { axis: 1 }), 'int64', [1, 1, 'D2', 'H2', 'W2'], 'labels');
  return builder;
}

const codeOf = (read: () => unknown): string => {
  try {
    read();
    return 'read';
  } catch (error) {
    if (!isOverreadError(error)) throw error;
    return error.code;
  }
};

describe('an ONNX file', () => {
  it('is the same bytes after reading and writing', () => {
    const bytes = sample().toBytes();
    expect(writeModel(readModel(bytes))).toEqual(bytes);
  });

  it('is the same bytes every time it is built', () => {
    expect(sample().toBytes()).toEqual(sample().toBytes());
  });

  it('keeps fields that this version does not know, at every level', () => {
    const bytes = sample().toBytes();
    // Field 77 of the model as text; field 78 as a varint; field 79 as a group with a varint in it.
    const unknown = Uint8Array.of(0xea, 0x04, 2, 65, 66, 0xf0, 0x04, 0xac, 0x02, 0xfb, 0x04, 8, 1, 0xfc, 0x04);
    const extended = new Uint8Array([...bytes, ...unknown]);
    const model = readModel(extended);
    expect(model.unknown?.map(({ no }) => no)).toEqual([77, 78, 79]);
    expect(writeModel(model)).toEqual(extended);
    expect(writeModel(rewriteForTarget(model, 'webgpu').model).slice(-unknown.length)).toEqual(unknown);
  });

  it('keeps its weights as views of the bytes read', () => {
    const bytes = sample().toBytes();
    const weights = readModel(bytes).graph?.initializer.find(({ name }) => name === 'w');
    expect(weights?.rawData?.buffer).toBe(bytes.buffer);
  });
});

/** A model with one tensor, as a file might have it. */
function withTensor(change: Partial<TensorProto>): Uint8Array {
  const model = sample().toModel();
  const graph = model.graph!;
  return writeModel({
    ...model,
    graph: { ...graph, initializer: graph.initializer.map((t) => ({ ...t, ...change })) },
  });
}

describe('a hostile or damaged ONNX file', () => {
  it.each([
    ['an empty file', new Uint8Array(0)],
    ['text', new TextEncoder().encode('<!doctype html><html></html>')],
    ['a truncated one', sample().toBytes().subarray(0, 300)],
    ['weights that do not fill their shape', withTensor({ dims: BigInt64Array.of(2n, 3n, 2n, 2n, 3n) })],
    ['a negative extent', withTensor({ dims: BigInt64Array.of(-1n) })],
    ['an element count beyond 2^53', withTensor({ dims: BigInt64Array.of(2n ** 40n, 2n ** 40n) })],
    ['a name that is no UTF-8', Uint8Array.of(0x12, 2, 0xc3, 0x28)],
  ])('is refused as damaged: %s', (_, bytes) => {
    expect(codeOf(() => readModel(bytes))).toBe('graph.damaged');
  });

  it('is refused when its weights stand in another file', () => {
    const externalData = [{ key: 'location', value: '../../secret.bin' }];
    expect(codeOf(() => readModel(withTensor({ externalData, dataLocation: 1 })))).toBe('graph.external-data');
  });

  it.each<[keyof GraphLimits, number]>([
    ['bytes', 100],
    ['nodes', 4],
    ['parts', 50],
    ['graphDepth', 1],
  ])('is refused beyond the limit of %s', (limit, value) => {
    expect(codeOf(() => readModel(sample().toBytes(), { ...defaultLimits, [limit]: value }))).toBe('graph.over-limit');
  });

  it('is refused when graphs stand in each other without end', () => {
    let inner = new GraphBuilder('innermost').toGraph();
    for (let depth = 0; depth < 200; depth++) {
      const around = new GraphBuilder('around');
      around.node('Loop', [], { body: { graph: inner } });
      inner = around.toGraph();
    }
    const bytes = writeModel({ ...sample().toModel(), graph: inner });
    expect(codeOf(() => readModel(bytes))).toBe('graph.over-limit');
  });

  it('is refused when two makers claim one value', () => {
    const model = sample().toModel();
    const graph = model.graph!;
    const twice = { ...model, graph: { ...graph, node: [...graph.node, graph.node[0]!] } };
    expect(codeOf(() => readModel(writeModel(twice)))).toBe('graph.damaged');
  });

  it('is read or refused, inspected and rewritten, whatever bytes are changed', () => {
    const bytes = sample().toBytes();
    const changes = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    let refused = 0;
    fc.assert(
      fc.property(changes, fc.nat(bytes.length), fc.boolean(), (edits, cut, truncate) => {
        const damaged = bytes.slice(0, truncate ? cut : bytes.length);
        for (const [at, value] of edits) if (at < damaged.length) damaged[at] = value;
        const code = codeOf(() => {
          const model = readModel(damaged);
          inspectModel(model);
          placements(model, 'webgpu');
          const { model: rewritten } = rewriteForTarget(model, 'webgpu');
          readModel(writeModel(rewritten));
        });
        expect(code).toMatch(/^(?:read|graph\.(?:damaged|over-limit|external-data))$/);
        if (code !== 'read') refused++;
      }),
      { numRuns: 4000 },
    );
    expect(refused).toBeGreaterThan(1000);
  });

  it('does not blow up in rewriting', () => {
    const builder = new GraphBuilder('huge');
    const x = builder.input('x', 'float32', [1, 1, 2, 2, 2]);
    const w = builder.initializer('w', 'float32', [1, 1, 1, 1, 1], Float32Array.of(1));
    const y = builder.node('ConvTranspose', [x, w], { strides: [100_000, 100_000, 100_000] });
    const z = builder.node('ConvTranspose', [y, w], { pads: [2 ** 50, 0, 0, 0, 0, 0] });
    builder.output(z, 'float32', null);
    const { applied, skipped } = rewriteForTarget(builder.toModel(), 'webgpu');
    expect(applied).toEqual([]);
    expect(skipped.map(({ because }) => because)).toEqual([
      'its weights would become too large',
      'its attributes are beyond any real shape',
    ]);
  });

  it('does not declare extents that no file can say', () => {
    const builder = new GraphBuilder('beyond');
    const x = builder.input('x', 'float32', [1, 2, 2 ** 31, 4, 4]);
    const repeated = builder.node('Tile', [x, builder.ints([1, 1, 2 ** 32, 1, 1])]);
    builder.output(builder.node('ArgMax', [repeated], { axis: 1 }), 'int64', null, 'labels');
    const { model, detached } = rewriteForTarget(builder.toModel(), 'webgpu');
    expect(detached).toHaveLength(1);
    expect(readModel(writeModel(model)).graph?.output).toHaveLength(1);
  });

  it('is read or refused when it is random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(codeOf(() => readModel(bytes))).toMatch(/^graph\.(?:damaged|over-limit)$/);
      }),
      { numRuns: 2000 },
    );
  });
});
