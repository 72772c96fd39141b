import {
  GraphBuilder,
  placements,
  readModel,
  rewriteForTarget,
  applyArgMax,
  type ModelProto,
} from '@overread/core/graph';
import fc from 'fast-check';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withSlabLabels } from '../../core/graph/passes/slab-labels.ts';
import { chromiumPath } from '../support/chromium.ts';
import { randomTensor, runOnCpu } from '../support/graph-run.ts';
import { uNet as uNetOf } from '../support/networks.ts';
import { endingGraph, expectHighest, extentAfter, slabCases } from '../support/slab-graphs.ts';
import { transposedAxis } from '../support/transposed-axis.ts';
import { openWebgpuPage, type WebgpuPage } from '../support/webgpu-page.ts';

type LayerAttributes = Record<string, number | readonly number[]>;

/** @param extents D, H, W of the input */
function layer(opType: string, weights: readonly number[], attributes: LayerAttributes, extents = [3, 4, 5]) {
  const builder = new GraphBuilder(opType);
  const channels = opType === 'Conv' ? weights[1]! * (attributes['group'] as number) : weights[0]!;
  const x = builder.input('x', 'float32', [1, channels, 'D', 'H', 'W']);
  const w = builder.initializer('w', 'float32', weights, randomTensor(weights, 1).data);
  builder.output(builder.node(opType, [x, w], attributes, 'y'), 'float32', null);
  return { model: builder.toModel(), x: randomTensor([1, channels, ...extents], 2) };
}

/** A U-Net of one level: strided down, InstanceNorm, transposed up, skip, logits, labels. */
function uNet(): ModelProto {
  const builder = new GraphBuilder('u-net');
  const weights = (name: string, dims: readonly number[], seed: number) =>
    builder.initializer(name, 'float32', dims, randomTensor(dims, seed).data);
  const norm = (value: string, channels: number, seed: number) => {
    const [scale, shift] = [weights(`s${seed}`, [channels], seed), weights(`b${seed}`, [channels], seed + 1)];
    return builder.node('LeakyRelu', [builder.node('InstanceNormalization', [value, scale, shift])]);
  };
  const x = builder.input('x', 'float32', [1, 1, 'D', 'H', 'W']);
  const pads = [1, 1, 1, 1, 1, 1];
  const top = norm(builder.node('Conv', [x, weights('w1', [4, 1, 3, 3, 3], 11)], { pads }), 4, 21);
  const strides = [2, 2, 2];
  const down = norm(builder.node('Conv', [top, weights('w2', [8, 4, 3, 3, 3], 12)], { pads, strides }), 8, 31);
  const depthwise = builder.node('Conv', [down, weights('w3', [8, 1, 3, 3, 3], 13)], { pads, group: 8 });
  const output_padding = [1, 1, 1];
  const up = builder.node('ConvTranspose', [depthwise, weights('w4', [8, 4, 3, 3, 3], 14)], {
    pads,
    strides,
    output_padding,
  });
  const joined = norm(builder.node('Concat', [up, top], { axis: 1 }), 8, 41);
  const logits = builder.node('Conv', [joined, weights('w5', [3, 8, 1, 1, 1], 15)]);
  builder.output(builder.node('ArgMax', [logits], { axis: 1 }, 'labels'), 'int64', null);
  return builder.toModel();
}

const isLong = process.env['OVERREAD_LONG'] === '1';
const numRuns = isLong ? 150 : 15;
/** A software GPU compiles a shader for every shape. */
const patience = isLong ? 900_000 : 120_000;

describe.skipIf(!existsSync(chromiumPath))('graphs on WebGPU (Chromium, SwiftShader)', () => {
  let page: WebgpuPage;
  beforeAll(async () => {
    page = await openWebgpuPage();
  });
  afterAll(() => page.close());

  const cases = [
    { name: 'ConvTranspose, kernel = stride', ...layer('ConvTranspose', [4, 3, 2, 2, 2], { strides: [2, 2, 2] }) },
    {
      name: 'ConvTranspose, kernel 3, stride 2, cropped',
      ...layer('ConvTranspose', [4, 3, 3, 3, 3], {
        strides: [2, 2, 2],
        pads: [1, 1, 1, 1, 1, 1],
        output_padding: [1, 0, 1],
      }),
    },
    {
      name: 'grouped ConvTranspose, kernel 4, strides 1, 2, 3',
      ...layer('ConvTranspose', [6, 2, 4, 4, 4], { strides: [1, 2, 3], pads: [0, 1, 2, 3, 0, 1], group: 3 }),
    },
    { name: 'depthwise Conv', ...layer('Conv', [20, 1, 3, 3, 3], { group: 20, pads: [1, 1, 1, 1, 1, 1] }) },
    { name: 'Conv of three groups of 12', ...layer('Conv', [6, 12, 2, 2, 2], { group: 3 }) },
  ];

  // The day this fails, the runtime has learnt it and the pass is no longer needed.
  it.each(cases)('$name fails as it is', async ({ model, x }) => {
    expect(placements(model, 'webgpu').some(({ where }) => where === 'fails')).toBe(true);
    const before = await page.run(model, { x });
    expect(before.ok ? 'ran' : before.message).toMatch(/status code returned while running Conv/);
  });

  const expectCpuValues = async ({ model, x }: ReturnType<typeof layer>): Promise<void> => {
    const after = await page.run(rewriteForTarget(model, 'webgpu').model, { x });
    if (!after.ok) throw new Error(after.message);
    expect(largest(after.outputs['y']!, (await runOnCpu(model, { x }))['y']!)).toBeLessThanOrEqual(1e-4);
  };
  it.each(cases)('$name gives the CPU values after rewriting', expectCpuValues);

  const sizes = fc.record({
    group: fc.integer({ min: 1, max: 3 }),
    inputs: fc.integer({ min: 1, max: 5 }),
    outputs: fc.integer({ min: 1, max: 3 }),
  });
  const axes = fc.tuple(transposedAxis, transposedAxis, transposedAxis);
  it('any ConvTranspose gives the CPU values after rewriting', { timeout: patience }, async () => {
    await fc.assert(
      fc.asyncProperty(sizes, axes, async ({ group, inputs, outputs }, along) => {
        const attributes = {
          group,
          strides: along.map(({ stride }) => stride),
          pads: [...along.map(({ head }) => head), ...along.map(({ tail }) => tail)],
          output_padding: along.map(({ extra }) => extra),
        };
        const weights = [group * inputs, outputs, ...along.map(({ kernel }) => kernel)];
        await expectCpuValues(
          layer(
            'ConvTranspose',
            weights,
            attributes,
            along.map(({ length }) => length),
          ),
        );
      }),
      { numRuns },
    );
  });

  it('labels chosen slab by slab inside a graph are the highest logits', { timeout: patience }, async () => {
    await fc.assert(
      fc.asyncProperty(slabCases, async ({ read, slabs, ...ending }) => {
        const extents = read.map((extent) => extentAfter(ending.layer, extent));
        fc.pre(extents.every((extent) => extent >= 1));
        const shape = [1, 1, ...read];
        const options = { output: 'logits', depth: extents[0]!, slabs: Math.min(slabs, extents[0]!) };
        const bytes = endingGraph({ ...ending, chooses: false });
        const made = withSlabLabels(readModel(bytes), { ...options, inputShapes: { input: shape } });
        if ('because' in made) throw new Error(made.because);
        const feeds = { input: randomTensor(shape, 7) };
        const after = await page.run(rewriteForTarget(made, 'webgpu', { inputShapes: { input: shape } }).model, feeds);
        if (!after.ok) throw new Error(after.message);
        expectHighest(after.outputs['logits']!.data, (await runOnCpu(bytes, feeds))['logits']!.data as Float32Array);
      }),
      { numRuns: isLong ? 60 : 8 },
    );
  });

  const kernel = fc.tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
  );
  it('any grouped Conv gives the CPU values after rewriting', { timeout: patience }, async () => {
    await fc.assert(
      fc.asyncProperty(sizes, kernel, fc.integer({ min: 2, max: 20 }), async ({ inputs, outputs }, taps, group) => {
        const pads = [...taps, ...taps].map((extent) => Math.floor(extent / 2));
        await expectCpuValues(layer('Conv', [group * outputs, inputs, ...taps], { group, pads }));
      }),
      { numRuns },
    );
  });

  // The worker runs it through rewriting: test/integration/places.test.ts.
  it('a whole U-Net fails as it is', async () => {
    const before = await page.run(readModel(uNetOf(4, 3, 3)), { input: randomTensor([1, 1, 16, 16, 16], 3) });
    expect(before.ok ? 'ran' : before.message).toMatch(/status code returned while running ConvTranspose/);
  });

  it('a whole U-Net with a final ArgMax gives the CPU labels after rewriting', async () => {
    const model = uNet();
    const { model: rewritten, detached } = rewriteForTarget(model, 'webgpu');
    const x = randomTensor([1, 1, 8, 8, 8], 3);
    const run = await page.run(rewritten, { x });
    if (!run.ok) throw new Error(run.message);
    const step = detached[0]!;
    const logits = run.outputs[step.replacedBy]!;
    const labels = applyArgMax(logits.data, logits.dims, step);
    const onCpu = (await runOnCpu(model, { x }))['labels']!;
    expect(labels.dims).toEqual(onCpu.dims);
    expect(Array.from(labels.labels)).toEqual(Array.from(onCpu.data as BigInt64Array, Number));
  });
});

interface Compared {
  readonly dims: readonly number[];
  readonly data: unknown;
}

function largest(a: Compared, b: Compared): number {
  if (a.dims.join() !== b.dims.join()) return Infinity;
  const [left, right] = [a.data as Float32Array, b.data as Float32Array];
  return left.reduce((worst, value, at) => Math.max(worst, Math.abs(value - right[at]!)), 0);
}
