import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../models/onnx/graph-builder.ts';
import { MessageWriter } from '../../../../models/onnx/protobuf.ts';
import { nodeRuntime } from '../../../../inference-server/src/inference/node-runtime.ts';

describe('MessageWriter', () => {
  it('writes the examples of the wire format: 150 in field 1, "testing" in field 2, a nested message in field 3', () => {
    expect([...new MessageWriter().int(1, 150).finish()]).toEqual([0x08, 0x96, 0x01]);
    expect([...new MessageWriter().text(2, 'testing').finish()]).toEqual([
      0x12,
      7,
      ...new TextEncoder().encode('testing'),
    ]);
    expect([...new MessageWriter().message(3, new MessageWriter().int(1, 150)).finish()]).toEqual([
      0x1a, 3, 0x08, 0x96, 0x01,
    ]);
  });

  it('writes negative numbers in ten bytes and floats in four', () => {
    expect([...new MessageWriter().int(1, -1).finish()]).toEqual([0x08, ...Array<number>(9).fill(0xff), 0x01]);
    expect([...new MessageWriter().float(2, 1.5).finish()]).toEqual([0x15, 0, 0, 0xc0, 0x3f]);
  });
});

describe('GraphBuilder', () => {
  const build = (): Uint8Array => {
    const g = new GraphBuilder('sum');
    const x = g.input('x', ['n', 3]);
    const doubled = g.op('Mul', [x, g.floats([2])]);
    g.output('y', g.op('ReduceSum', [doubled, g.ints([1])], { keepdims: 0 }), ['n']);
    return g.finish();
  };

  it('gives the same bytes every time', () => {
    expect(build()).toEqual(build());
  });

  it('gives a model that ONNX Runtime loads and runs, with its free axis free', async () => {
    const session = await nodeRuntime(1).createSession(build());
    expect([session.inputNames, session.outputNames]).toEqual([['x'], ['y']]);
    for (const rows of [1, 2]) {
      const data = Float32Array.from({ length: rows * 3 }, (_, n) => n);
      const { y } = await session.run({ x: { type: 'float32', dims: [rows, 3], data } });
      expect([...(y!.data as Float32Array)]).toEqual([6, 24].slice(0, rows));
    }
    await session.release();
  });
});
