import { describe, expect, it } from 'vitest';
import type { Analysis } from '@overread/core/analysis';
import type { Vec3 } from '@overread/core/geometry';
import type { ManifestSource } from '@overread/core/model';
import { analyse } from '@overread/core/pipeline';
import { nodeRuntime } from '../../../../../inference-server/src/inference/node-runtime.ts';
import {
  brightnessGraph,
  fixedTablesGraph,
  kindOf,
  sampledVolume,
  taskModel,
  testPlace,
} from '../../../../support/task-models.ts';

type Output = Extract<ManifestSource['outputs'][number], { kind: 'classScores' }>;
type Input = ManifestSource['input'];
type Points = NonNullable<ManifestSource['operatingPoints']>;

const runtime = nodeRuntime(1);
const classes = [kindOf('Brightest', '27925004'), kindOf('Mean', '4147007')];
const scores = (changes: Partial<Output> = {}): Output => ({
  kind: 'classScores',
  name: 'scores',
  classes,
  ...changes,
});
const slices: Input = { name: 'input', spacing: 'native', layout: { kind: '2d' }, patch: { mode: 'slices', batch: 3 } };
const whole: Input = { name: 'input', spacing: 'native', patch: { mode: 'whole' } };
const windows: Input = {
  ...whole,
  patch: { mode: 'slidingWindow', size: [4, 4, 4], blending: { kind: 'constant', overlap: 0 } },
};
const point = (name: string, threshold: number) => ({ name, threshold, evaluation: 'not evaluated' as const });

/** Slice k holds the value of that place, one voxel of it twice that. */
const levels = [0.1, 0.2, 0.45, 0.4, 0.1, 0.3, 0.35, 0];
const volume = sampledVolume({
  dims: [8, 8, 8],
  spacing: [1, 1, 3],
  value: ([i, j, k]: Vec3) => levels[k]! * (i === 5 && j === 2 ? 2 : 1),
});
const meanOf = (k: number) => (levels[k]! * 65) / 64;

const run = (
  graph: Uint8Array,
  input: Input,
  output: Output,
  operatingPoints: Points = [],
  defaultOperatingPoint: string | null = null,
): Promise<Analysis> => {
  const model = taskModel(graph, { input, outputs: [output], operatingPoints, defaultOperatingPoint });
  return analyse({ volume, model, place: testPlace }, runtime);
};
const close = (value: number, digits: number) => expect.closeTo(value, digits) as number;
const scoresOf = ({ findings }: Analysis) =>
  Object.fromEntries(findings.map(({ label, score }) => [label, score?.value]));

describe('classification', () => {
  it('scores a whole series, one finding per class without a place', async () => {
    const analysis = await run(brightnessGraph(3), whole, scores());
    const mean = levels.reduce((sum, _, k) => sum + meanOf(k), 0) / 8;
    expect(scoresOf(analysis)).toEqual({ Brightest: close(0.9, 6), Mean: close(mean, 6) });
    expect(analysis.findings.map(({ label }) => label)).toEqual(['Brightest', 'Mean']);
    for (const finding of analysis.findings) expect(finding).toMatchObject({ region: null, presence: null });
  });

  it('takes the largest or the mean of all windows', async () => {
    const largest = await run(brightnessGraph(3), windows, scores({ combine: 'max' }));
    expect(scoresOf(largest)['Brightest']).toBeCloseTo(0.9, 6);
    const mean = await run(brightnessGraph(3), windows, scores({ combine: 'mean' }));
    // Two windows along k, four in the plane; the bright voxel lies in one of those four.
    expect(scoresOf(mean)['Brightest']).toBeCloseTo((0.9 + 0.7 + 3 * 0.45 + 3 * 0.35) / 8, 6);
  });

  it('scores slice by slice and says which slice, and what of its neighbours is as well', async () => {
    const analysis = await run(brightnessGraph(2), slices, scores({ per: 'slice' }), [point('only', 0.75)], 'only');
    expect(analysis.findings).toHaveLength(2);
    const [brightest, mean] = analysis.findings;
    expect(brightest).toMatchObject({
      label: 'Brightest',
      presence: 'present',
      region: { box: { min: [0, 0, 2], max: [7, 7, 3] }, centre: [4, 4, 2], segmentNumber: null, axes: null },
    });
    expect(brightest!.score!.value).toBeCloseTo(0.9, 6);
    expect(mean).toMatchObject({ presence: 'absent', region: { box: { min: [0, 0, 2], max: [7, 7, 2] } } });
    expect(mean!.score!.value).toBeCloseTo(meanOf(2), 6);
  });

  it('reads one row per slice from a graph that is given the whole volume', async () => {
    const rows = levels.flatMap((level) => [level, 1 - level]);
    const graph = fixedTablesGraph(3, { scores: { dims: [8, 2], values: rows } });
    const { findings } = await run(graph, whole, scores({ per: 'slice' }));
    expect(findings.map(({ label, region }) => [label, region!.box.min[2]])).toEqual([
      ['Mean', 7],
      ['Brightest', 2],
    ]);
  });

  it('combines slices to one score of the series where it speaks of no slice', async () => {
    const analysis = await run(brightnessGraph(2), slices, scores({ combine: 'mean' }));
    expect(scoresOf(analysis)['Brightest']).toBeCloseTo(
      levels.reduce((sum, level) => sum + (2 * level) / 8, 0),
      6,
    );
    expect(analysis.findings.every(({ region }) => region === null)).toBe(true);
  });

  it('says present, absent or, between two operating points, undetermined', async () => {
    const presence = async (points: Points, chosen: string | null) => {
      const { findings } = await run(brightnessGraph(3), whole, scores(), points, chosen);
      return findings.map((finding) => finding.presence);
    };
    const both = [point('rule in', 0.8), point('rule out', 0.1)];
    expect(await presence(both, null)).toEqual(['present', 'undetermined']);
    expect(await presence(both, 'rule in')).toEqual(['present', 'absent']);
    expect(await presence([], null)).toEqual([null, null]);
  });

  it('leaves background out and gives probabilities by softmax and sigmoid', async () => {
    const graph = fixedTablesGraph(3, { scores: { dims: [1, 3], values: [2, 1, -1] } });
    const softmax = await run(graph, whole, scores({ background: true, activation: 'softmax' }));
    const sum = Math.exp(2) + Math.exp(1) + Math.exp(-1);
    expect(scoresOf(softmax)).toEqual({
      Brightest: close(Math.exp(1) / sum, 6),
      Mean: close(Math.exp(-1) / sum, 6),
    });
    const sigmoid = await run(graph, whole, scores({ background: true, activation: 'sigmoid' }));
    expect(scoresOf(sigmoid)['Mean']).toBeCloseTo(1 / (1 + Math.E), 6);
  });

  it('says undetermined, without a score, where no window was run', async () => {
    const input: Input = {
      ...windows,
      patch: { ...windows.patch, mode: 'slidingWindow', skipBelow: 5 } as Input['patch'],
    };
    const { findings } = await run(brightnessGraph(3), input, scores(), [point('only', 0.5)], 'only');
    expect(findings.map(({ score, presence }) => [score, presence])).toEqual([
      [null, 'undetermined'],
      [null, 'undetermined'],
    ]);
  });

  it.each([
    ['NaN', [1, 2], [NaN, 1]],
    ['another number of classes', [1, 3], [1, 2, 3]],
    ['no bounds', [1, 2], [Infinity, 0]],
  ] as const)('refuses scores of %s by name', async (_, dims, values) => {
    const graph = fixedTablesGraph(3, { scores: { dims, values } });
    await expect(run(graph, whole, scores())).rejects.toMatchObject({
      code: 'pipeline.bad-output',
      details: { name: 'scores' },
    });
  });
});

describe('regression', () => {
  const unit = { value: 'mm', scheme: 'UCUM', meaning: 'millimeter' };
  const value = (name: string, scale?: number, offset?: number) => ({
    name,
    quantity: { value: '81827009', scheme: 'SCT', meaning: name },
    unit,
    ...(scale !== undefined && { scale }),
    ...(offset !== undefined && { offset }),
  });
  const output: ManifestSource['outputs'][number] = {
    kind: 'regression',
    name: 'scores',
    finding: kindOf('Size', '27925004'),
    values: [value('Width', 100, -5), value('Height')],
  };

  it('gives its numbers in their units, the mean of all windows', async () => {
    const model = (graph: Uint8Array, input: Input) => taskModel(graph, { input, outputs: [output] });
    const plain = await analyse({ volume, model: model(brightnessGraph(3), whole), place: testPlace }, runtime);
    expect(plain.findings).toHaveLength(1);
    expect(plain.findings[0]).toMatchObject({ label: 'Size', score: null, region: null, presence: null });
    expect(plain.findings[0]!.measurements).toEqual([
      { name: value('Width').quantity, value: close(85, 4), unit, derivation: null },
      { name: value('Height').quantity, value: close((1.9 / 8) * (65 / 64), 5), unit, derivation: null },
    ]);
    const bySlice = await analyse({ volume, model: model(brightnessGraph(2), slices), place: testPlace }, runtime);
    expect(bySlice.findings[0]!.measurements[0]!.value).toBeCloseTo((100 * 2 * 1.9) / 8 - 5, 4);
  });

  it('refuses numbers that are none', async () => {
    const graph = fixedTablesGraph(3, { scores: { dims: [1, 2], values: [NaN, 0] } });
    const run = analyse(
      { volume, model: taskModel(graph, { input: whole, outputs: [output] }), place: testPlace },
      runtime,
    );
    await expect(run).rejects.toMatchObject({ code: 'pipeline.bad-output', details: { name: 'scores' } });
  });
});
