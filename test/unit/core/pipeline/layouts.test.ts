import { describe, expect, it } from 'vitest';
import type { Vec3 } from '@overread/core/geometry';
import { GraphBuilder } from '@overread/core/graph';
import type { ManifestSource } from '@overread/core/model';
import { analyse } from '@overread/core/pipeline';
import { nodeRuntime } from '../../../../inference-server/src/inference/node-runtime.ts';
import { randomValues, runOnCpu } from '../../../support/graph-run.ts';
import { modelWith, nodePlace, noiseVolume } from '../../../support/pipeline-runs.ts';

const dims: Vec3 = [11, 10, 7];
const [ni, nj, nk] = dims;
const volume = noiseVolume(dims);

/** One 3x3 convolution over `planes` channels. */
function flatGraph(planes: number, slices: number | string): Uint8Array {
  const graph = new GraphBuilder('flat');
  const weights = graph.initializer('weights', 'float32', [1, planes, 3, 3], randomValues(9 * planes, 3));
  const image = graph.input('input', 'float32', [slices, planes, 'H', 'W']);
  graph.output(graph.node('Conv', [image, weights], { pads: [1, 1, 1, 1] }), 'float32', [slices, 1, 'H', 'W'], 'heat');
  return graph.toBytes();
}

/** What the graph says of slice k, run on its own with these slices as channels; `size` [H, W] with zeros at the ends. */
async function sliceOf(graph: Uint8Array, slices: readonly number[], [height, width]: readonly [number, number]) {
  const data = new Float32Array(slices.length * height * width);
  slices.forEach((k, plane) => {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++) data[(plane * height + j) * width + i] = volume.samples[(k * nj + j) * ni + i]!;
    }
  });
  const { heat } = await runOnCpu(graph, { input: { dims: [1, slices.length, height, width], data } });
  const values = heat!.data as Float32Array;
  return Float32Array.from({ length: ni * nj }, (_, n) => values[Math.floor(n / ni) * width + (n % ni)]!);
}

async function heatOf(graph: Uint8Array, input: Pick<ManifestSource['input'], 'layout' | 'patch'>) {
  const analysis = await analyse({ volume, model: modelWith(graph, input), place: nodePlace }, nodeRuntime(1));
  return analysis.heatMaps[0]!.values;
}

const planeOf = (values: Float32Array, k: number): Float32Array => values.subarray(k * ni * nj, (k + 1) * ni * nj);
const largest = (a: Float32Array, b: Float32Array): number => Math.max(...a.map((value, v) => Math.abs(value - b[v]!)));

describe('2-D layouts', () => {
  it('run slice by slice, with a last call that is as large as the others', async () => {
    const heat = await heatOf(flatGraph(1, 3), { layout: { kind: '2d' }, patch: { mode: 'slices', batch: 3 } });
    for (let k = 0; k < nk; k++) {
      expect(largest(planeOf(heat, k), await sliceOf(flatGraph(1, 'N'), [k], [nj, ni]))).toBeLessThan(1e-6);
    }
  });

  it('lengthen slices to what the network needs', async () => {
    const patch = { mode: 'slices', batch: 2, multipleOf: [16, 8] as [number, number] } as const;
    const heat = await heatOf(flatGraph(1, 'N'), { layout: { kind: '2d' }, patch });
    expect(largest(planeOf(heat, 4), await sliceOf(flatGraph(1, 'N'), [4], [16, 16]))).toBeLessThan(1e-6);
  });

  it('take a run of slices in tiles of their rows and columns', async () => {
    const blending = { kind: 'crop', halo: [0, 1, 1] as [number, number, number] } as const;
    const size: [number, number, number] = [2, 6, 6];
    const heat = await heatOf(flatGraph(1, 2), {
      layout: { kind: '2d' },
      patch: { mode: 'slidingWindow', size, blending },
    });
    for (let k = 0; k < nk; k++) {
      expect(largest(planeOf(heat, k), await sliceOf(flatGraph(1, 'N'), [k], [nj, ni]))).toBeLessThan(1e-6);
    }
  });

  it('blend tiles of slices, none with another slice', async () => {
    const size: [number, number, number] = [4, 6, 6];
    const blended = (kind: 'gaussian' | 'constant', depth: number) =>
      heatOf(flatGraph(1, 'N'), {
        layout: { kind: '2d' },
        patch: { mode: 'slidingWindow', size: [depth, size[1], size[2]], blending: { kind, overlap: 0.5 } },
      });
    expect(largest(await blended('gaussian', 4), await blended('gaussian', 1))).toBeLessThan(1e-6);
    expect(largest(await blended('gaussian', 4), await blended('constant', 4))).toBeGreaterThan(1e-3);
  });
});

describe('2.5-D layouts', () => {
  it('give the slices before and behind as channels, the first and last repeated beyond the ends', async () => {
    const layout = { kind: '2.5d', neighbours: 2 } as const;
    const heat = await heatOf(flatGraph(5, 3), { layout, patch: { mode: 'slices', batch: 3 } });
    const within = (k: number): number => Math.min(nk - 1, Math.max(0, k));
    for (let k = 0; k < nk; k++) {
      const slices = [-2, -1, 0, 1, 2].map((n) => within(k + n));
      expect(largest(planeOf(heat, k), await sliceOf(flatGraph(5, 'N'), slices, [nj, ni]))).toBeLessThan(1e-6);
    }
  });
});

describe('what has no meaning together', () => {
  const size: [number, number, number] = [2, 6, 6];
  const constant = { kind: 'constant', overlap: 0.5 } as const;
  it.each<[string, Partial<ManifestSource['input']> & Pick<ManifestSource['input'], 'patch'>]>([
    ['input.layout', { patch: { mode: 'slices' } }],
    [
      'input.patch.mirror',
      { layout: { kind: '2d' }, patch: { mode: 'slidingWindow', size, blending: constant, mirror: ['D'] } },
    ],
    [
      'input.patch.blending',
      { layout: { kind: '2d' }, patch: { mode: 'slidingWindow', size, blending: { kind: 'crop', halo: [1, 1, 1] } } },
    ],
  ])('is refused by name: %s', async (field, input) => {
    const run = analyse({ volume, model: modelWith(flatGraph(1, 'N'), input), place: nodePlace }, nodeRuntime(1));
    await expect(run).rejects.toMatchObject({
      code: 'model.unsupported',
      why: expect.stringContaining(field) as string,
    });
  });

  it.each([
    ['blended', { blending: constant }],
    [
      'mirrored',
      { blending: { kind: 'crop' as const, halo: [0, 0, 0] as [number, number, number] }, mirror: ['W' as const] },
    ],
  ])('labels that the graph chose are not %s', async (_, patch) => {
    const label = { value: 1, name: 'One', category: code, type: code, colour: [1, 2, 3] as [number, number, number] };
    const outputs = [{ kind: 'labelMap' as const, name: 'heat', labels: [label] }];
    const model = modelWith(flatGraph(1, 'N'), { patch: { mode: 'slidingWindow', size, ...patch } }, outputs);
    await expect(analyse({ volume, model, place: nodePlace }, nodeRuntime(1))).rejects.toMatchObject({
      code: 'model.unsupported',
      why: expect.stringContaining("'heat'") as string,
    });
  });
});

const code = { value: '1', scheme: 'UCUM', meaning: 'no units' };
