import { describe, expect, it } from 'vitest';
import type { Analysis } from '@overread/core/analysis';
import type { ManifestSource } from '@overread/core/model';
import { analyse } from '@overread/core/pipeline';
import type { Volume } from '@overread/core/volume';
import { nodeRuntime } from '../../../../inference-server/src/inference/node-runtime.ts';
import { linesGraph } from '../../../support/lines-graph.ts';
import { heatOutput, modelWith, nodePlace, noiseVolume } from '../../../support/pipeline-runs.ts';
import { kindOf } from '../../../support/task-models.ts';

type Outputs = ManifestSource['outputs'];
type StepSource = NonNullable<ManifestSource['finish']>[number];

const label = (value: number, name: string) => {
  const { category, code: type, colour } = kindOf(name, `${value}`);
  return { value, name, category, type, colour };
};
const volume = noiseVolume([13, 11, 9]);
const run = (graph: Uint8Array, outputs: Outputs, finish: ManifestSource['finish'] = [], on: Volume = volume) =>
  analyse(
    { volume: on, model: modelWith(graph, { patch: { mode: 'whole' } }, outputs, { finish }), place: nodePlace },
    nodeRuntime(1),
  );
const voxelsOf = ({ labelMaps }: Analysis, value: number): number[] =>
  labelMaps.flatMap(({ labels }) => [...labels.keys()].filter((v) => labels[v] === value));
const where = (holds: (x: number) => boolean, { samples }: Volume = volume): number[] =>
  [...samples.keys()].filter((v) => holds(samples[v]!));

const spots = {
  kind: 'peaks' as const,
  minScore: 0.1,
  maxFindings: 3,
  minDistance: 4,
  minDiameter: 1,
  maxDiameter: 30,
  finding: kindOf('Spot', '5'),
};

/** A logit that is 0 at a value of x and rises from there. */
const from = (x: number) => [10, -10 * x] as const;
const below = (x: number) => [-10, 10 * x] as const;

describe('labels that a model decides each on its own', () => {
  // Nested, as tumour regions are, and one that meets none of them.
  const graph = linesGraph({ logits: [from(-0.1), from(0.2), from(0.5), below(-0.3)] });
  const labels = [label(4, 'Whole'), label(1, 'Core'), label(9, 'Enhancing'), label(2, 'Dark')];
  const holds = [(x: number) => x >= -0.1, (x: number) => x >= 0.2, (x: number) => x >= 0.5, (x: number) => x <= -0.3];
  const outputs = (changes: object = {}): Outputs => [
    { kind: 'maskLogits', name: 'logits', activation: 'sigmoid', labels, ...changes },
  ];

  it('keep all their voxels where they overlap, in as many maps as that takes', async () => {
    const analysis = await run(graph, outputs());
    labels.forEach(({ value }, n) => expect(voxelsOf(analysis, value)).toEqual(where(holds[n]!)));
    expect(analysis.labelMaps.map(({ segments }) => segments.map(({ number }) => number))).toEqual([[4, 2], [1], [9]]);
    expect(analysis.warnings).toEqual([]);
  });

  it('give way to the later one where the manifest says so', async () => {
    const analysis = await run(graph, outputs({ overlap: 'later' }));
    expect(analysis.labelMaps).toHaveLength(1);
    expect(voxelsOf(analysis, 4)).toEqual(where((x) => x >= -0.1 && x < 0.2));
    expect(voxelsOf(analysis, 9)).toEqual(where(holds[2]!));
  });

  it('are measured whole, in order of their numbers', async () => {
    const { findings } = await run(graph, outputs(), [{ kind: 'measureLabels', measurements: [{ kind: 'volume' }] }]);
    expect(findings.map(({ region }) => region?.segmentNumber)).toEqual([1, 2, 4, 9]);
    const expected = [1, 3, 0, 2].map((n) => where(holds[n]!).length / 1000);
    findings.forEach(({ measurements }, n) => expect(measurements[0]?.value).toBeCloseTo(expected[n]!, 9));
  });

  it('are filled and masked without a word about the others', async () => {
    // A shell of 1 round a hole of 0.3: the hole is the whole's and the core's already, and becomes the rim's.
    const shell = noiseVolume([9, 9, 9], (i, j, k) => {
      const far = Math.max(Math.abs(i - 4), Math.abs(j - 4), Math.abs(k - 4));
      return far === 2 ? 1 : far < 2 ? 0.3 : -0.2;
    });
    const analysis = await run(graph, outputs(), [{ kind: 'fillHoles', labels: [9], across: 'volume' }], shell);
    const cube = where((x) => x > 0, shell);
    for (const value of [4, 1, 9]) expect(voxelsOf(analysis, value)).toEqual(cube);
    expect(analysis.labelMaps).toHaveLength(3);
  });

  it('are cleaned as one thing where the step says so', async () => {
    // Two bars: in the longer one the core is only at its end.
    const bars = noiseVolume([12, 5, 3], (i, j, k) =>
      k !== 1 ? -0.2 : j === 1 && i < 9 ? (i > 6 ? 0.3 : 0) : j === 3 && i < 4 ? 0.3 : -0.2,
    );
    const step = { kind: 'keepLargest' as const, labels: [4, 1], together: true } satisfies StepSource;
    const analysis = await run(graph, outputs(), [step], bars);
    const longer = (v: number) => Math.floor(v / 12) % 5 === 1;
    expect(voxelsOf(analysis, 4)).toEqual(where((x) => x >= -0.1, bars).filter(longer));
    expect(voxelsOf(analysis, 1)).toEqual(where((x) => x >= 0.2, bars).filter(longer));
    // Each on its own the core's larger part is in the other bar.
    const alone = await run(graph, outputs(), [{ ...step, together: false }], bars);
    expect(voxelsOf(alone, 1).some(longer)).toBe(false);
  });

  it('may be more than there are bits in a byte', async () => {
    const steps = Array.from({ length: 19 }, (_, n) => -0.5 + n * 0.05);
    const many = linesGraph({ logits: steps.map(from) });
    const analysis = await run(many, outputs({ labels: steps.map((_, n) => label(n + 1, `From ${n}`)) }));
    expect(analysis.labelMaps).toHaveLength(19);
    steps.forEach((x, n) => expect(voxelsOf(analysis, n + 1)).toEqual(where((value) => Math.fround(10 * value) >= Math.fround(10 * x)))); // prettier-ignore
  });
});

describe('several outputs', () => {
  it('of labels each have their labels', async () => {
    const graph = linesGraph({ organs: [[0, 0], from(0)], lesions: [[0, 0], from(0.3), below(-0.3)] });
    const analysis = await run(graph, [
      { kind: 'maskLogits', name: 'organs', labels: [label(1, 'Organ')] },
      { kind: 'maskLogits', name: 'lesions', labels: [label(2, 'Lesion'), label(3, 'Fat')] },
    ]);
    expect(voxelsOf(analysis, 1)).toEqual(where((x) => x > 0));
    expect(voxelsOf(analysis, 2)).toEqual(where((x) => x > 0.3));
    expect(voxelsOf(analysis, 3)).toEqual(where((x) => x < -0.3));
    expect(analysis.labelMaps).toHaveLength(2);
  });

  it('may not be one and the same', () => {
    const graph = linesGraph({ logits: [from(0)] });
    const once = { kind: 'maskLogits', name: 'logits', activation: 'sigmoid' } as const;
    const twice = [1, 2].map((value) => ({ ...once, labels: [label(value, `Label ${value}`)] }));
    expect(() => run(graph, twice)).toThrow(/outputs: 'logits' is named more than once/);
  });

  it('of labels are refused where two labels have one value', () => {
    const graph = linesGraph({ organs: [[0, 0], from(0)], lesions: [[0, 0], from(0.3)] });
    expect(() =>
      run(graph, [
        { kind: 'maskLogits', name: 'organs', labels: [label(1, 'Organ')] },
        { kind: 'maskLogits', name: 'lesions', labels: [label(1, 'Lesion')] },
      ]),
    ).toThrow(/label 1 is defined more than once/);
  });

  it('of maps are each a map with its name, and peaks are of the one that is named', async () => {
    const share = 1 / 880;
    const graph = linesGraph({ cold: [[-share, 0]], hot: [[share, 850 * share]], logits: [[0, 0], from(-200)] });
    // A ball of soft tissue in lung.
    const on = noiseVolume([24, 24, 24], (i, j, k) => (Math.hypot(i - 17, j - 12, k - 12) <= 4 ? 30 : -850));
    const peaks = { ...spots, output: 'hot' };
    const { heatMaps, labelMaps, findings } = await run(
      graph,
      [
        heatOutput('cold'),
        { ...heatOutput('hot'), label: 'Hot' } as Outputs[number],
        { kind: 'maskLogits', name: 'logits', labels: [label(1, 'Core')] },
      ],
      // Segments of peaks are no labels for the steps behind.
      [peaks, { kind: 'removeSmall', minVolume: 100 }, { kind: 'measureLabels', measurements: [{ kind: 'volume' }] }],
      on,
    );
    expect(heatMaps.map((map) => map.label)).toEqual(['no units', 'Hot']);
    expect([...new Set(heatMaps[1]!.values)].map(Math.round)).toEqual([0, 1]);
    // Segments of peaks take numbers that no label has.
    const numbers = labelMaps.flatMap(({ segments }) => segments.map(({ number }) => number));
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(findings).toHaveLength(1);
    expect(labelMaps.flatMap(({ labels }) => [...labels]).includes(findings[0]!.region!.segmentNumber!)).toBe(true);
    for (const { region } of findings) {
      expect(Math.abs(region!.centre[0] - 17)).toBeLessThan(2);
      expect(numbers).toContain(region!.segmentNumber);
      expect(region!.segmentNumber).not.toBe(1);
    }
  });
});

describe('peaks of a map', () => {
  /** A ball in something darker. */
  const ball = (inside: number, outside: number, depth = 24): Volume =>
    noiseVolume([24, 24, depth], (i, j, k) => (Math.hypot(i - 12, j - 12, k - depth / 2) <= 4 ? inside : outside));
  const heat = (low: number, high: number) => linesGraph({ heat: [[1 / (high - low), -low / (high - low)]] });

  it.each([
    ['lung on CT', -850, 30, {}],
    ['liver on CT', 60, 120, { background: 60, densest: 120 }],
    ['MR', 100, 600, { background: 100, densest: 600 }],
  ])('grow against what lies round them: %s', async (_, outside, inside, contrast) => {
    const on = ball(inside, outside);
    const { findings } = await run(heat(outside, inside), [heatOutput()], [{ ...spots, ...contrast }], on);
    expect(findings).toHaveLength(1);
    const volume = findings[0]!.measurements.find(({ name }) => name.meaning === 'Volume')!.value;
    expect(Math.abs(volume / on.samples.filter((x) => x === inside).length - 1)).toBeLessThan(0.3);
  });

  it('are not looked for in a single slice, and that is said', async () => {
    const flat = ball(30, -850, 1);
    await expect(run(heat(-850, 30), [heatOutput()], [spots], flat)).rejects.toMatchObject({
      code: 'model.unsupported',
      why: expect.stringMatching(/peaks.*24 x 24 x 1/) as string,
    });
  });

  it('are no probabilities beyond 1, whatever the manifest says', async () => {
    const model = modelWith(heat(-850, -700), { patch: { mode: 'whole' } }, [heatOutput()], { finish: [spots] });
    const said = { ...model, manifest: { ...model.manifest, scoreKind: 'probability' as const } };
    const request = { volume: ball(30, -850), model: said, place: nodePlace };
    await expect(analyse(request, nodeRuntime(1))).rejects.toMatchObject({
      code: 'pipeline.bad-output',
      why: expect.stringMatching(/'Spot'.*probabilities/) as string,
    });
  });
});
