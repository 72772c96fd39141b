import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Analysis } from '@overread/core/analysis';
import { voxelCount, type Vec3 } from '@overread/core/geometry';
import type { LoadedModel, ManifestSource } from '@overread/core/model';
import { analyse, PromptSession } from '@overread/core/pipeline';
import { checkObject, decodeResults } from '@overread/core/results';
import type { Volume } from '@overread/core/volume';
import { nodeRuntime } from '../../../../inference-server/src/inference/node-runtime.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { promptModel } from '../../../support/prompt-model.ts';
import { anchorGraph, brightnessGraph, kindOf, taskModel, testPlace } from '../../../support/task-models.ts';
import { encodeAnalysis } from '../../../support/checked-results.ts';

// Results of every task, made by real graphs on random series, stored and read back.

const runtime = nodeRuntime(1);
const axes: readonly Vec3[] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
const flip = (axis: Vec3, sign: number): Vec3 => [sign * axis[0], sign * axis[1], sign * axis[2]];
const directions = fc
  .tuple(
    fc.shuffledSubarray([0, 1, 2], { minLength: 3, maxLength: 3 }),
    fc.array(fc.constantFrom(-1, 1), { minLength: 3, maxLength: 3 }),
  )
  .map(
    ([order, signs]) => order.map((axis, n) => flip(axes[axis]!, signs[n]!)) as unknown as readonly [Vec3, Vec3, Vec3],
  );

/** A small series with random bright voxels. */
const series = fc
  .record({
    dims: fc.tuple(fc.integer({ min: 4, max: 9 }), fc.integer({ min: 4, max: 9 }), fc.integer({ min: 4, max: 9 })),
    directions,
    seed: fc.integer({ min: 1, max: 1e6 }),
  })
  .map(({ dims, directions: along, seed }) => {
    const { geometry, datasets } = ctSeries({ dims, directions: along });
    const samples = Float32Array.from({ length: voxelCount(geometry.grid) }, (_, v) =>
      Math.abs(Math.sin(seed + 12.9 * v)),
    );
    const volume: Volume = { ...geometry, samples, unit: 'HU', padding: null };
    return { volume, source: datasets[0] ?? {} };
  });

const whole: ManifestSource['input'] = {
  name: 'input',
  spacing: 'native',
  patch: { mode: 'whole', multipleOf: [4, 4, 4] },
};
const points: Partial<ManifestSource> = {
  operatingPoints: [
    { name: 'out', threshold: 0.3, evaluation: 'not evaluated' },
    { name: 'in', threshold: 0.9, evaluation: 'not evaluated' },
  ],
};

function storedAndRead(analysis: Analysis, volume: Volume, source: Readonly<Record<string, unknown>>) {
  const objects = encodeAnalysis(analysis, { source, segmentation: true, predecessors: [] });
  const faults = objects.flatMap(({ bytes }) => checkObject(bytes).breaches);
  const { analyses, problems } = decodeResults(
    objects.map(({ bytes }) => bytes),
    volume,
  );
  return { faults, problems, analyses: analyses.map((one) => one.analysis) };
}

/** The same instant and, for end points of axes, the same tenth of a thousandth of a voxel: what DICOM's own types hold. */
function asStored(analysis: Analysis): Analysis {
  const utc = (time: string) => time.replace('Z', '+00:00');
  // 0 is added so that -0 becomes 0.
  const rounded = (points: readonly [Vec3, Vec3]) =>
    points.map((point) => point.map((index) => Math.round(index * 1e4) / 1e4 + 0)) as unknown as [Vec3, Vec3];
  return {
    ...analysis,
    startedAt: utc(analysis.startedAt),
    finishedAt: utc(analysis.finishedAt),
    timings: [],
    findings: analysis.findings.map((finding) => {
      const axes = finding.region?.axes;
      if (finding.region === null || axes == null) return finding;
      return {
        ...finding,
        region: { ...finding.region, axes: { long: rounded(axes.long), short: rounded(axes.short) } },
      };
    }),
  };
}

const tasks: readonly (readonly [string, LoadedModel])[] = [
  [
    'boxes without masks',
    taskModel(anchorGraph(3, 4, [0, 0, 0, 0, 0, 0]), {
      input: whole,
      outputs: [
        {
          kind: 'boxes',
          name: 'boxes',
          scores: 'scores',
          encoding: { kind: 'anchors', levels: [{ stride: [4, 4, 4], sizes: [[4, 5, 6]] }] },
          classes: [kindOf('Nodule', '27925004')],
          minScore: 0.5,
        },
      ],
    }),
  ],
  [
    'scores of a series, without a place',
    taskModel(brightnessGraph(3), {
      input: whole,
      outputs: [
        {
          kind: 'classScores',
          name: 'scores',
          classes: [kindOf('Haemorrhage', '50960005'), kindOf('Mass', '4147007')],
        },
      ],
      ...points,
    }),
  ],
  [
    'scores of slices',
    taskModel(brightnessGraph(2), {
      input: { ...whole, layout: { kind: '2d' }, patch: { mode: 'slices' } },
      outputs: [
        {
          kind: 'classScores',
          name: 'scores',
          per: 'slice',
          classes: [kindOf('Haemorrhage', '50960005'), kindOf('Mass', '4147007')],
        },
      ],
      ...points,
    }),
  ],
  [
    'numbers',
    taskModel(brightnessGraph(3), {
      input: whole,
      outputs: [
        {
          kind: 'regression',
          name: 'scores',
          finding: kindOf('Bone age', '27925004'),
          values: [
            {
              name: 'age',
              quantity: { value: '397669002', scheme: 'SCT', meaning: 'Age' },
              unit: { value: 'mo', scheme: 'UCUM', meaning: 'month' },
              scale: 12.5,
            },
            {
              name: 'spread',
              quantity: { value: '386136009', scheme: 'SCT', meaning: 'Standard deviation' },
              unit: { value: 'mo', scheme: 'UCUM', meaning: 'month' },
            },
          ],
        },
      ],
    }),
  ],
];

describe('results of every task, stored and read back', () => {
  it.each(tasks)('%s are the same', async (_, model) => {
    await fc.assert(
      fc.asyncProperty(series, async ({ volume, source }) => {
        const analysis = await analyse({ volume, model, place: testPlace, seriesNumber: 3 }, runtime);
        expect(analysis.findings.length).toBeGreaterThan(0);
        const { faults, problems, analyses } = storedAndRead(analysis, volume, source);
        expect(faults).toEqual([]);
        expect(problems).toEqual([]);
        expect(analyses.map(asStored)).toEqual([asStored(analysis)]);
      }),
      { numRuns: 12 },
    );
  });

  it('things that a person marked are the same', async () => {
    await fc.assert(
      fc.asyncProperty(series, async ({ volume, source }) => {
        const [ni, nj] = volume.grid.dims;
        const model = promptModel([2 * Math.ceil(nj / 2), 2 * Math.ceil(ni / 2)]);
        const session = await PromptSession.open({ model, volume }, runtime);
        const marks = [0, 2].map((k) =>
          session.decode({ points: [{ at: [2, 2, k], inside: true }], box: null, refine: false }),
        );
        const things = (await Promise.all(marks)).flatMap((mask) => (mask === null ? [] : [[mask]]));
        await session.release();
        const analysis = session.result(things, { place: testPlace, seriesNumber: 3 });
        const { faults, problems, analyses } = storedAndRead(analysis, volume, source);
        expect(faults).toEqual([]);
        expect(problems).toEqual([]);
        expect(analyses.map(asStored)).toEqual([asStored(analysis)]);
      }),
      { numRuns: 12 },
    );
  });
});
