import { elementTypes, GraphBuilder, inspectModel, placements, rewriteForTarget } from '@overread/core/graph';
import { describe, expect, it } from 'vitest';
import { randomValues } from '../../../support/graph-run.ts';

function builder(opset = 17): { graph: GraphBuilder; x: string } {
  const graph = new GraphBuilder('net', {
    opset,
    producerName: 'maker',
    producerVersion: '2',
    domains: { 'org.other': 1 },
  });
  return { graph, x: graph.input('x', 'float32', [1, 2, 'D', 'H', 'W']) };
}

const where = (graph: GraphBuilder, target: 'webgpu' | 'wasm' | 'node-cpu' = 'webgpu') =>
  placements(graph.toModel(), target).map((placement) => [placement.opType, placement.where, placement.because]);

describe('the report on a model', () => {
  it('names inputs, outputs, operators and the size of the constants', () => {
    const { graph, x } = builder();
    const w = graph.initializer('w', 'float16', [4, 2, 1, 1, 1], new Uint16Array(8));
    const logits = graph.node('Conv', [graph.node('Cast', [x], { to: elementTypes.float16.code }), w]);
    graph.output(graph.node('org.other:Smooth', [graph.node('Relu', [graph.node('Relu', [logits])])]), 'float16', null);
    expect(inspectModel(graph.toModel())).toEqual({
      irVersion: 8,
      producer: 'maker 2',
      opsets: { 'ai.onnx': 17, 'org.other': 1 },
      inputs: [{ name: 'x', type: 'float32', shape: [1, 2, 'D', 'H', 'W'] }],
      outputs: [{ name: 'smooth_1', type: 'float16', shape: null }],
      operators: { Relu: 2, Cast: 1, Conv: 1, 'org.other:Smooth': 1 },
      nodes: 5,
      constants: { tensors: 1, values: 8, bytes: 16 },
      functions: 0,
    });
  });
});

describe('where nodes run', () => {
  it('says what fails on WebGPU, and that it runs elsewhere', () => {
    const { graph, x } = builder();
    const w = graph.initializer('w', 'float32', [2, 1, 3, 3, 3], randomValues(54, 1));
    graph.output(graph.node('ConvTranspose', [graph.node('Conv', [x, w], { group: 2 }), w]), 'float32', null);
    expect(where(graph)).toEqual([
      ['Conv', 'fails', 'grouped 3-D Conv fails at run time'],
      ['ConvTranspose', 'fails', '3-D ConvTranspose fails at run time'],
    ]);
    expect(where(graph, 'wasm').every(([, place]) => place === 'cpu')).toBe(true);
  });

  it('says what falls to the CPU on WebGPU, and why', () => {
    const { graph, x } = builder(22);
    const labels = graph.node('ArgMax', [
      graph.node('MaxPool', [graph.node('Selu', [x])], { kernel_shape: [2, 2, 2] }),
    ]);
    graph.output(graph.node('Cast', [labels], { to: elementTypes.uint8.code }), 'uint8', null);
    expect(where(graph)).toEqual([
      ['Selu', 'cpu', 'it has no WebGPU kernel'],
      ['MaxPool', 'cpu', 'its WebGPU kernel ends at operator set 21'],
      ['ArgMax', 'gpu', null],
      ['Cast', 'cpu', 'WebGPU does not compute with int64'],
    ]);
  });

  it('says that an operator of an unknown domain fails everywhere', () => {
    const { graph, x } = builder();
    graph.output(graph.node('org.other:Smooth', [x]), 'float32', null);
    expect(where(graph, 'node-cpu')).toEqual([['Smooth', 'fails', 'ONNX Runtime knows no operators of org.other']]);
  });

  it('sees into subgraphs, which rewriting leaves alone', () => {
    const { graph, x } = builder();
    const inner = new GraphBuilder('inner');
    const weights = inner.initializer('v', 'float32', [2, 1, 1, 1, 1], Float32Array.of(1, 2));
    const input = inner.node('Constant', [], { value_float: 1 });
    inner.output(inner.node('org.other:Smooth', [input, weights]), 'float32', null);
    const condition = graph.initializer('c', 'bool', [], Uint8Array.of(1));
    const body = { graph: inner.toGraph() };
    const chosen = graph.node('If', [condition], { then_branch: body, else_branch: body });
    graph.output(graph.node('Add', [x, chosen]), 'float32', null);
    const model = graph.toModel();
    expect(placements(model, 'webgpu').filter(({ path }) => path.length > 0)).toHaveLength(4);
    expect(rewriteForTarget(model, 'webgpu').model).toBe(model);
  });
});
