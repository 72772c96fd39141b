import { inspectModel, placements, readModel, rewriteForTarget, writeModel } from '@overread/core/graph';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { largestDifference, randomTensor, runOnCpu } from '../../../support/graph-run.ts';
import { sharedData } from '../../../support/shared-data.ts';

const folder = sharedData('models');
const networks = [
  { file: 'model5_gw_ae.onnx', nodes: 19, values: 5_598, classes: 3, operators: { Conv: 10, Relu: 9 } },
  { file: 'model11_gw_ae.onnx', nodes: 17, values: 23_290, classes: 3, operators: { Conv: 9, Relu: 8 } },
  { file: 'model18cls.onnx', nodes: 19, values: 96_378, classes: 18, operators: { Conv: 10, Elu: 9 } },
  {
    file: 'mindgrab.onnx',
    nodes: 76,
    values: 144_000,
    classes: 2,
    operators: { Conv: 26, Gelu: 25, InstanceNormalization: 25 },
  },
];

// Skipped where the sample networks are not there.
describe.skipIf(folder === null).each(networks)('the pretrained network $file', (network) => {
  const bytes = (): Uint8Array => new Uint8Array(readFileSync(`${folder ?? ''}/${network.file}`));

  it('is written back byte for byte', () => {
    expect(Buffer.compare(writeModel(readModel(bytes())), bytes())).toBe(0);
  });

  it('is reported', () => {
    const report = inspectModel(readModel(bytes()));
    expect(report.inputs).toEqual([{ name: 'input', type: 'float32', shape: [1, 1, 'd', 'h', 'w'] }]);
    expect(report.outputs).toMatchObject([{ type: 'float32', shape: { 1: network.classes } }]);
    expect(report.operators).toEqual(network.operators);
    expect(report.nodes).toBe(network.nodes);
    expect(report.constants.bytes).toBe(4 * report.constants.values);
  });

  it('needs no rewriting and runs on WebGPU as a whole', () => {
    const model = readModel(bytes());
    expect(rewriteForTarget(model, 'webgpu')).toEqual({ model, applied: [], skipped: [], detached: [], watched: [] });
    expect(placements(model, 'webgpu').filter(({ where }) => where !== 'gpu')).toEqual([]);
  });

  it('gives the same outputs when its weights are stored anew', async () => {
    const model = readModel(bytes());
    const initializer = model.graph!.initializer.map((tensor) => ({ ...tensor, rawData: tensor.rawData!.slice() }));
    const feeds = { input: randomTensor([1, 1, 12, 13, 14], 1) };
    const name = model.graph!.output[0]!.name;
    const before = (await runOnCpu(bytes(), feeds))[name]!;
    const after = (await runOnCpu({ ...model, graph: { ...model.graph!, initializer } }, feeds))[name]!;
    expect(largestDifference(before, after)).toBe(0);
  });
});
