import { afterEach, describe, expect, it } from 'vitest';
import { boxSize, mapAxes, type Vec3 } from '@overread/core/geometry';
import { PromptSession, type InferenceRuntime, type Prompt, type PromptMask } from '@overread/core/pipeline';
import type { LoadedModel } from '@overread/core/model';
import type { Volume } from '@overread/core/volume';
import { promptedAnalysis } from '../../../../../core/pipeline/prompt/analysis.ts';
import { nodeRuntime } from '../../../../../inference-server/src/inference/node-runtime.ts';
import { discRadius, promptModel } from '../../../../support/prompt-model.ts';
import { sampledVolume, testPlace } from '../../../../support/task-models.ts';

const dims: Vec3 = [32, 20, 6];
/** Bright in a box of even edges, so that halving the image moves none: columns 8 to 21, rows 4 to 15, slices 2 to 4. */
const isBright = ([i, j, k]: Vec3) => i >= 8 && i <= 21 && j >= 4 && j <= 15 && k >= 2 && k <= 4;
const bright = (directions?: readonly [Vec3, Vec3, Vec3]) =>
  sampledVolume({
    dims,
    spacing: [1, 1, 2.5],
    ...(directions && { directions }),
    value: (ijk) => (isBright(ijk) ? 1 : 0),
  });

const open: PromptSession[] = [];
afterEach(async () => {
  for (const session of open.splice(0)) await session.release();
});

/** The runtime, with what its graphs were asked: the encoder's graph is the first one made. */
function countingRuntime(): { runtime: InferenceRuntime; encoded: () => number } {
  const plain = nodeRuntime(1);
  let [sessions, encoded] = [0, 0];
  const runtime: InferenceRuntime = {
    ...plain,
    async createSession(graph) {
      const session = await plain.createSession(graph);
      const isEncoder = sessions++ === 0;
      return {
        ...session,
        run(feeds) {
          if (isEncoder) encoded++;
          return session.run(feeds);
        },
      };
    },
  };
  return { runtime, encoded: () => encoded };
}

async function sessionOn(volume: Volume, model: LoadedModel, mostBytes?: number) {
  const { runtime, encoded } = countingRuntime();
  const session = await PromptSession.open({ model, volume }, runtime, mostBytes === undefined ? {} : { mostBytes });
  open.push(session);
  return { session, encoded };
}

const point = (i: number, j: number, k: number, inside = true) => ({ at: [i, j, k] as const, inside });
const prompt = (points: Prompt['points'], box: Prompt['box'] = null, refine = false): Prompt => ({
  points,
  box,
  refine,
});

/** Voxels of a mask, as `i,j,k`. */
function voxelsOf(mask: PromptMask | null): Set<string> {
  if (mask === null) return new Set();
  const [ni, nj] = boxSize(mask.box);
  return new Set(
    [...mask.bits].flatMap((bit, v) => {
      const at = [v % ni, Math.floor(v / ni) % nj, Math.floor(v / (ni * nj))];
      return bit === 1 ? [mapAxes((axis) => at[axis]! + mask.box.min[axis]).join()] : [];
    }),
  );
}

/** What the model's rule says, voxel by voxel, on its own pixels of 2 x 2. */
function expected(k: number, wanted: (x: number, y: number) => boolean): Set<string> {
  const voxels = new Set<string>();
  for (let j = 0; j < dims[1]; j++)
    for (let i = 0; i < dims[0]; i++) {
      const centre = (index: number) => 2 * Math.floor(index / 2) + 0.5;
      if (isBright([i, j, k]) && wanted(centre(i), centre(j))) voxels.add(`${i},${j},${k}`);
    }
  return voxels;
}
const near = (i: number, j: number) => (x: number, y: number) => Math.hypot(x - i, y - j) < discRadius;
/** Share of all voxels of either set that both hold. */
const union = (a: Set<string>, b: Set<string>) => new Set([...a, ...b]);
const agreement = (a: Set<string>, b: Set<string>) => [...a].filter((voxel) => b.has(voxel)).length / union(a, b).size;

describe('PromptSession', () => {
  it('gives a greyscale series three times to an encoder that was trained on colour', async () => {
    const [grey, colour] = [promptModel([20, 32]), promptModel([20, 32], { samples: 'greyAsRgb' })];
    const marked = prompt([point(12, 9, 3)]);
    const { session } = await sessionOn(bright(), colour);
    const { session: plain } = await sessionOn(bright(), grey);
    const found = await session.decode(marked);
    expect(voxelsOf(found).size).toBeGreaterThan(20);
    expect(voxelsOf(found)).toEqual(voxelsOf(await plain.decode(marked)));
  });

  it('marks what points inside and outside say, on their slice', async () => {
    const { session } = await sessionOn(bright(), promptModel([20, 32]));
    const inside = await session.decode(prompt([point(12, 9, 3)]));
    expect(inside!.quality).toBe(0.75);
    expect(inside!.box.min[2]).toBe(3);
    expect(inside!.box.max[2]).toBe(3);
    // Interpolation between pixels of 2 x 2 moves the rim by less than a voxel.
    expect(agreement(voxelsOf(inside), expected(3, near(12, 9)))).toBeGreaterThan(0.85);
    const both = await session.decode(prompt([point(12, 9, 3), point(18, 9, 3, false)]));
    const wanted = expected(3, (x, y) => near(12, 9)(x, y) && !near(18, 9)(x, y));
    expect(agreement(voxelsOf(both), wanted)).toBeGreaterThan(0.8);
  });

  it('marks what a box says, its corners given in any order', async () => {
    const { session } = await sessionOn(bright(), promptModel([20, 32]));
    const found = voxelsOf(await session.decode(prompt([], [[17.5, 13.5, 2], [9.5, 5.5, 2]]))); // prettier-ignore
    const wanted = expected(2, (x, y) => x >= 9.5 && x <= 17.5 && y >= 5.5 && y <= 13.5);
    expect(agreement(found, wanted)).toBeGreaterThan(0.85);
    const other = voxelsOf(await session.decode(prompt([], [[9.5, 13.5, 2], [17.5, 5.5, 2]]))); // prettier-ignore
    expect(other).toEqual(found);
  });

  it('answers null where nothing is marked', async () => {
    const { session } = await sessionOn(bright(), promptModel([20, 32]));
    expect(await session.decode(prompt([point(12, 9, 0)]))).toBeNull();
  });

  it('goes on from the last mask where it is asked to', async () => {
    const { session } = await sessionOn(bright(), promptModel([20, 32]));
    const first = voxelsOf(await session.decode(prompt([point(11, 8, 3)])));
    const alone = voxelsOf(await session.decode(prompt([point(18, 12, 3)])));
    await session.decode(prompt([point(11, 8, 3)]));
    const refined = voxelsOf(await session.decode(prompt([point(18, 12, 3)], null, true)));
    expect(refined).toEqual(union(first, alone));
  });

  it('encodes a slice once, ahead or with its first prompt', async () => {
    const { session, encoded } = await sessionOn(bright(), promptModel([20, 32]));
    expect(await session.encode([5, 5, 3])).toBe(3);
    expect(encoded()).toBe(1);
    await session.decode(prompt([point(12, 9, 3)]));
    await session.decode(prompt([point(14, 9, 3)]));
    expect(encoded()).toBe(1);
    await session.decode(prompt([point(14, 9, 2)]));
    expect(encoded()).toBe(2);
  });

  it('keeps embeddings within its budget: the slice not used for longest leaves, the one in use stays', async () => {
    const slice = 10 * 16 * 4;
    const { session, encoded } = await sessionOn(bright(), promptModel([20, 32]), 2 * slice);
    for (const k of [0, 1, 0, 2]) await session.encode([5, 5, k]);
    expect(encoded()).toBe(3);
    expect(session.bytes).toBe(2 * slice);
    await session.encode([5, 5, 0]);
    expect(encoded()).toBe(3);
    await session.encode([5, 5, 1]);
    expect(encoded()).toBe(4);
    const { session: tight } = await sessionOn(bright(), promptModel([20, 32]), 1);
    await tight.encode([5, 5, 0]);
    expect(tight.bytes).toBe(slice);
    await tight.encode([5, 5, 1]);
    expect(tight.bytes).toBe(slice);
    await tight.release();
    expect(tight.bytes).toBe(0);
    open.splice(open.indexOf(tight), 1);
  });

  it('answers calls in turn when they come at once', async () => {
    const { session } = await sessionOn(bright(), promptModel([20, 32]));
    const [a, b] = await Promise.all([
      session.decode(prompt([point(12, 9, 3)])),
      session.decode(prompt([point(12, 9, 4)])),
    ]);
    expect([a!.box.min[2], b!.box.min[2]]).toEqual([3, 4]);
  });

  it('scales slices to the size that the encoder takes, and marks and masks with them', async () => {
    // 32 x 20 fits into 64 x 48 twice, with rows of padding.
    const { session } = await sessionOn(bright(), promptModel([48, 64], {}, { fit: [48, 64] }));
    const found = voxelsOf(await session.decode(prompt([point(12, 9, 3)])));
    const wanted = new Set<string>();
    for (let j = 0; j < 20; j++)
      for (let i = 0; i < 32; i++)
        if (isBright([i, j, 3]) && Math.hypot(2 * (i - 12), 2 * (j - 9)) < discRadius) wanted.add(`${i},${j},3`);
    expect(agreement(found, wanted)).toBeGreaterThan(0.7);
    const box = voxelsOf(await session.decode(prompt([], [[7.5, 3.5, 4], [21.5, 15.5, 4]]))); // prettier-ignore
    expect(
      agreement(
        box,
        expected(4, () => true),
      ),
    ).toBeGreaterThan(0.9);
  });

  it('finds the same voxels in a series that is stored another way', async () => {
    const flipped: readonly [Vec3, Vec3, Vec3] = [
      [-1, 0, 0],
      [0, -1, 0],
      [0, 0, -1],
    ];
    const model = promptModel([20, 32], { orientation: 'SPL' });
    const { session } = await sessionOn(bright(flipped), model);
    const found = voxelsOf(await session.decode(prompt([point(12, 9, 3)])));
    expect(agreement(found, expected(3, near(12, 9)))).toBeGreaterThan(0.8);
  });

  it('marks the slice that was shown where the model looks at thinner ones', async () => {
    const { session } = await sessionOn(bright(), promptModel([20, 32], { spacing: [1, null, null] }));
    for (const k of [2, 3, 4]) {
      const mask = await session.decode(prompt([point(12, 9, k)]));
      expect(voxelsOf(mask).has(`12,9,${k}`)).toBe(true);
    }
  });

  it.each([
    ['no marks', prompt([])],
    ['marks in two slices', prompt([point(5, 5, 1), point(5, 5, 2)])],
    ['a mark outside the series', prompt([point(40, 5, 1)])],
  ])('refuses %s', async (_, bad) => {
    const { session } = await sessionOn(bright(), promptModel([20, 32]));
    await expect(session.decode(bad)).rejects.toMatchObject({ code: 'prompt.unusable' });
    // The next prompt is answered all the same.
    expect(await session.decode(prompt([point(12, 9, 3)]))).not.toBeNull();
  });

  it('refuses models that take no prompts, or not slice by slice', async () => {
    const { prompts, ...without } = promptModel([20, 32]).manifest;
    expect(prompts).toBeDefined();
    const plain = { ...promptModel([20, 32]), manifest: without as LoadedModel['manifest'] };
    await expect(sessionOn(bright(), plain)).rejects.toMatchObject({ code: 'model.unsupported' });
    const cube = promptModel([20, 32]);
    const layout = { ...cube.manifest, input: { ...cube.manifest.input, layout: { kind: '3d' as const } } };
    await expect(sessionOn(bright(), { ...cube, manifest: layout })).rejects.toMatchObject({
      code: 'model.unsupported',
    });
  });
});

describe('promptedAnalysis', () => {
  it('makes a result of the masks that were kept: a finding and a segment for each thing', async () => {
    const volume = bright();
    const model = promptModel([20, 32]);
    const { session } = await sessionOn(volume, model);
    const slices = await Promise.all([2, 3, 4].map((k) => session.decode(prompt([], [[7.5, 3.5, k], [21.5, 15.5, k]])))); // prettier-ignore
    const single = await session.decode(prompt([point(12, 9, 3)]));
    const things = [slices.map((mask) => mask!), [single!]];
    const startedAt = '2026-11-23T10:00:00.000Z';
    const analysis = promptedAnalysis(things, { volume, model, place: testPlace, seriesNumber: 4, startedAt });
    expect(analysis).toMatchObject({ outcome: 'completed', startedAt, source: { seriesNumber: 4, grid: volume.grid } });
    expect(analysis.findings.map(({ trackingIdentifier }) => trackingIdentifier)).toEqual(['Marked 1', 'Marked 2']);
    const segments = analysis.labelMaps.flatMap((map) => map.segments);
    expect(segments.map(({ trackingUID }) => trackingUID)).toEqual(
      analysis.findings.map(({ trackingUID }) => trackingUID),
    );
    expect(segments.map(({ algorithmType }) => algorithmType)).toEqual(Array(2).fill('SEMIAUTOMATIC'));
    expect(analysis.warnings.map(({ code }) => code)).toContain('prompt.marked-by-reader');
    const [first, second] = analysis.findings;
    expect(first!.region!.box.min[2]).toBe(2);
    expect(first!.region!.box.max[2]).toBe(4);
    const of = (number: number) =>
      analysis.labelMaps.reduce((sum, { labels }) => sum + labels.filter((label) => label === number).length, 0);
    // They overlap, and neither takes a voxel from the other.
    expect(analysis.labelMaps).toHaveLength(2);
    expect(of(1)).toBe(slices.reduce((sum, mask) => sum + voxelsOf(mask).size, 0));
    expect(of(2)).toBe(voxelsOf(single).size);
    const volumeOf = (finding: typeof second) =>
      finding!.measurements.find(({ name }) => name.value === '118565006')!.value;
    expect(volumeOf(first)).toBeCloseTo(of(1) * 2.5, 6);
    expect(volumeOf(second)).toBeCloseTo(of(2) * 2.5, 6);
  });

  it('is the explicit nothing where no mask was kept', () => {
    const model = promptModel([20, 32]);
    const startedAt = new Date(0).toISOString();
    const analysis = promptedAnalysis([], { volume: bright(), model, place: testPlace, seriesNumber: null, startedAt });
    expect(analysis).toMatchObject({ findings: [], labelMaps: [], outcome: 'completed' });
  });

  it('refuses masks beyond the series', () => {
    const model = promptModel([20, 32]);
    const made = {
      volume: bright(),
      model,
      place: testPlace,
      seriesNumber: null,
      startedAt: new Date(0).toISOString(),
    };
    const mask = { box: { min: [30, 0, 0], max: [33, 0, 0] }, bits: Uint8Array.of(1, 1, 1, 1), quality: null } as const;
    expect(() => promptedAnalysis([[mask]], made)).toThrow(
      expect.objectContaining({ code: 'prompt.unusable' }) as Error,
    );
  });
});
