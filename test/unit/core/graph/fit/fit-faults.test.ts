import { describe, expect, it } from 'vitest';
import { decoderFaults, fitFaults, GraphBuilder, type Dimension, type ElementType } from '@overread/core/graph';
import type { Manifest, ManifestSource } from '@overread/core/model';
import { tinyManifest } from '../../../../support/tiny-manifest.ts';

type Shaped = readonly [name: string, type: ElementType, dims: readonly Dimension[] | null];

/** A graph of these inputs and outputs; what it computes is nobody's business here. */
function graphOf(inputs: readonly Shaped[], outputs: readonly Shaped[], opset = 17) {
  const graph = new GraphBuilder('fit', { opset, domains: { 'org.test': 1 } });
  const fed = inputs.map(([name, type, dims]) => graph.input(name, type, dims ?? ['free']));
  for (const [name, type, dims] of outputs) graph.output(graph.node('org.test:Any', fed), type, dims, name);
  return graph.toModel();
}

const volume = [1, 1, 'D', 'H', 'W'] as const;
const image: Shaped = ['input', 'float32', volume];
const logits: Shaped = ['logits', 'float32', [1, 2, 'D', 'H', 'W']];

function manifest(changes: Partial<ManifestSource> = {}, input: Partial<ManifestSource['input']> = {}): Manifest {
  const base = tinyManifest(new Uint8Array([1]));
  return tinyManifest(new Uint8Array([1]), { ...changes, input: { ...base.input, ...input } });
}

/** A self-test with an input of this shape. */
function tested(...shape: number[]): Pick<ManifestSource, 'selfTest'> {
  return { selfTest: { ...tinyManifest(new Uint8Array([1])).selfTest, shape } };
}

const code = { value: '1', scheme: '99TEST', meaning: 'Test' };
const kind = { label: 'Thing', code, category: code, site: null, colour: [1, 2, 3] } as const;
const boxes = {
  kind: 'boxes',
  name: 'boxes',
  scores: 'scores',
  encoding: { kind: 'boxes', order: 'zyxzyx' },
  classes: [{ ...kind, colour: [1, 2, 3] }],
  minScore: 0.5,
} satisfies ManifestSource['outputs'][number];

describe('a graph that fits its manifest', () => {
  it.each<[string, Manifest, ReturnType<typeof graphOf>]>([
    ['free extents', manifest(), graphOf([image], [logits])],
    ['nothing known of the output', manifest(), graphOf([image], [['logits', 'float32', null]])],
    [
      'the window that the graph takes',
      manifest(tested(1, 1, 8, 16, 32), {
        patch: { mode: 'slidingWindow', size: [8, 16, 32], blending: { kind: 'constant', overlap: 0.5 } },
      }),
      graphOf([['input', 'float32', [1, 1, 8, 16, 32]]], [['logits', 'float32', [1, 2, 8, 16, 32]]]),
    ],
    [
      'five slices of two series in colour as channels',
      manifest(
        { ...tested(4, 30, 512, 512), outputs: [{ kind: 'labelMap', name: 'labels', labels: labels() }] },
        {
          layout: { kind: '2.5d', neighbours: 2 },
          channels: [{ name: 'a' }, { name: 'b' }],
          samples: 'rgb',
          patch: { mode: 'slices', batch: 4, multipleOf: [32, 32] },
          size: [1, 500, 500],
        },
      ),
      graphOf([['input', 'float32', [4, 30, 512, 512]]], [['labels', 'int64', [4, 512, 512]]]),
    ],
    [
      'boxes in a batch of one',
      manifest({ outputs: [boxes] }),
      graphOf(
        [image],
        [
          ['boxes', 'float32', [1, 'n', 6]],
          ['scores', 'float32', ['n']],
        ],
      ),
    ],
  ])('is found to: %s', (_, described, model) => {
    expect(fitFaults(described, model)).toEqual([]);
  });
});

function labels() {
  const base = tinyManifest(new Uint8Array([1])).outputs[0];
  return base?.kind === 'maskLogits' ? base.labels : [];
}

describe('a graph that does not fit its manifest', () => {
  const sliding = (size: [number, number, number]) =>
    manifest({}, { patch: { mode: 'slidingWindow', size, blending: { kind: 'gaussian', overlap: 0.5 } } });

  it.each<[string, Manifest, ReturnType<typeof graphOf>, string]>([
    [
      'no such input',
      manifest(),
      graphOf([['image', 'float32', volume]], [logits]),
      "input.name: the graph has no input 'input', only 'image'",
    ],
    [
      'a further input',
      manifest(),
      graphOf([image, ['age', 'float32', [1]]], [logits]),
      "input.name: the graph also wants 'age', which nothing feeds",
    ],
    [
      'another type',
      manifest(),
      graphOf([['input', 'float16', volume]], [logits]),
      "input.type: the graph's input is float16, not float32",
    ],
    [
      'two dimensions',
      manifest(),
      graphOf([['input', 'float32', [1, 1, 'H', 'W']]], [logits]),
      "input.layout: the graph's input is [1, 1, H, W], where the manifest gives [1, 1, D, H, W]",
    ],
    [
      'more channels',
      manifest(),
      graphOf([['input', 'float32', [1, 4, 'D', 'H', 'W']]], [logits]),
      'input.channels: the graph takes 4 along C, where the manifest gives 1 ([1, 4, D, H, W], [1, 1, D, H, W])',
    ],
    [
      'another window',
      sliding([96, 96, 96]),
      graphOf([['input', 'float32', [1, 1, 96, 64, 96]]], [logits]),
      'input.patch: the graph takes 64 along H, where the manifest gives 96 ([1, 1, 96, 64, 96], [1, 1, 96, 96, 96])',
    ],
    [
      'one size where any may come',
      manifest(),
      graphOf([['input', 'float32', [1, 1, 'D', 'H', 96]]], [logits]),
      'input.patch: the graph takes 96 along W, where the manifest gives any extent ([1, 1, D, H, 96], [1, 1, D, H, W])',
    ],
    [
      'smaller windows',
      manifest(tested(1, 1, 8, 8, 8), {
        patch: {
          mode: 'slidingWindow',
          size: [8, 8, 8],
          smaller: [[4, 4, 4]],
          blending: { kind: 'constant', overlap: 0.5 },
        },
      }),
      graphOf([['input', 'float32', [1, 1, 8, 8, 8]]], [['logits', 'float32', null]]),
      'input.patch.smaller: the graph takes windows of one size only',
    ],
    [
      'a self-test of another size',
      manifest(tested(1, 1, 8, 8, 4), {
        patch: { mode: 'slidingWindow', size: [8, 8, 8], blending: { kind: 'constant', overlap: 0.5 } },
      }),
      graphOf([['input', 'float32', [1, 1, 8, 8, 8]]], [['logits', 'float32', null]]),
      'selfTest.shape: is [1, 1, 8, 8, 4], where the graph takes [1, 1, 8, 8, 8]',
    ],
    [
      'a self-test of other channels',
      manifest(tested(1, 2, 8, 8, 8)),
      graphOf([image], [logits]),
      'selfTest.shape: is [1, 2, 8, 8, 8], where the graph takes [1, 1, D, H, W]',
    ],
    [
      'no such output',
      manifest(),
      graphOf([image], [['y', 'float32', null]]),
      "outputs[0].name: the graph has no output 'logits', only 'y'",
    ],
    [
      'fewer classes',
      manifest(),
      graphOf([image], [['logits', 'float32', [1, 1, 'D', 'H', 'W']]]),
      "outputs[0].name: output 'logits' is [1, 1, ?, ?, ?], where [1, 2, D, H, W] is needed",
    ],
    [
      'labels in place of scores',
      manifest(),
      graphOf([image], [['logits', 'int64', [1, 2, 'D', 'H', 'W']]]),
      "outputs[0].name: output 'logits' is int64, where float32 or float16 is needed",
    ],
    [
      'flat boxes',
      manifest({ outputs: [boxes] }),
      graphOf(
        [image],
        [
          ['boxes', 'float32', ['n', 4]],
          ['scores', 'float32', ['n']],
        ],
      ),
      "outputs[0].name: output 'boxes' is [?, 4], where [N, 6] or [1, N, 6] is needed",
    ],
    [
      'no scores',
      manifest({ outputs: [boxes] }),
      graphOf([image], [['boxes', 'float32', ['n', 6]]]),
      "outputs[0].scores: the graph has no output 'scores', only 'boxes'",
    ],
    [
      'an old operator set',
      manifest(),
      graphOf([image], [logits], 6),
      'graph: operator set 6 is older than 7, which ONNX Runtime asks for',
    ],
  ])('is named: %s', (_, described, model, fault) => {
    expect(fitFaults(described, model)).toEqual([fault]);
  });

  it('is told by the shape that its nodes give, where the output declares none', () => {
    const graph = new GraphBuilder('undeclared');
    const x = graph.input('input', 'float32', volume);
    const weights = graph.initializer('w', 'float32', [3, 1, 1, 1, 1], new Float32Array(3));
    graph.output(graph.node('Conv', [x, weights]), 'float32', null, 'logits');
    expect(fitFaults(manifest(), graph.toModel())).toEqual([
      "outputs[0].name: output 'logits' is [1, 3, ?, ?, ?], where [1, 2, D, H, W] is needed",
    ]);
  });
});

describe('a decoder', () => {
  const prompts = {
    decoder: { path: 'decoder.onnx', sha256: '0'.repeat(64), bytes: 1 },
    embeddings: { features: 'image_embeddings' },
    points: 'point_coords',
    pointLabels: 'point_labels',
    constants: { orig_im_size: [1024, 1024] },
    masks: 'masks',
    quality: 'iou',
    threshold: 0,
    finding: { ...kind, colour: [1, 2, 3] as [number, number, number] },
  };
  const input = (name: string): Shaped => [name, 'float32', ['n']];
  const all: readonly Shaped[] = [
    input('image_embeddings'),
    ['point_coords', 'float32', [1, 'n', 2]],
    ['point_labels', 'float32', [1, 'n']],
    ['orig_im_size', 'float32', [2]],
  ];
  const masks: Shaped = ['masks', 'float32', ['batch', 'count', 'h', 'w']];
  const iou: Shaped = ['iou', 'float32', [1, 'count']];

  it('is named by what it lacks and by what nothing feeds', () => {
    const whole = graphOf(all, [masks, iou]);
    expect(decoderFaults(prompts, whole)).toEqual([]);
    const other = graphOf([...all.slice(1), input('has_mask_input')], [masks]);
    expect(decoderFaults(prompts, other)).toEqual([
      "prompts.embeddings: the decoder has no input 'image_embeddings'",
      "prompts.quality: the decoder has no output 'iou'",
      "prompts: the decoder also wants 'has_mask_input', which nothing feeds",
    ]);
  });

  it('is named by types and shapes that are not those it is fed', () => {
    const other = graphOf(
      [
        all[0]!,
        ['point_coords', 'float32', [1, 'n', 3]],
        ['point_labels', 'int32', [1, 'n']],
        ['orig_im_size', 'float32', [3]],
      ],
      [['masks', 'float32', ['count', 'h', 'w']], iou],
    );
    expect(decoderFaults(prompts, other)).toEqual([
      "prompts.points: the decoder's input 'point_coords' is [1, n, 3], where [1, ?, 2] is needed",
      "prompts.pointLabels: the decoder's input 'point_labels' is int32, where floats are needed",
      "prompts.constants: the decoder's input 'orig_im_size' is [3], where [2] is needed",
      "prompts.masks: the decoder's output 'masks' is [count, h, w], where [1, ?, ?, ?] is needed",
    ]);
  });

  it('repeats no more of a file than a person reads', () => {
    const many = (stem: string) => Array.from({ length: 5000 }, (_, at) => input(`${stem}${at}`.padEnd(500, 'x')));
    const [inputs, outputs] = [many('in'), many('out')];
    const axes: Shaped = ['input', 'float32', new Array<string>(500).fill('axis'.repeat(500))];
    const faults = [
      ...fitFaults(manifest(), graphOf([axes, ...inputs], outputs)),
      ...decoderFaults(prompts, graphOf(inputs, outputs)),
    ];
    expect(faults.length).toBeLessThan(20);
    expect(faults.every(({ length }) => length < 2000)).toBe(true);
    expect(faults.filter((fault) => fault.includes('and 4992 more')).length).toBeGreaterThan(1);
  });

  it('is fed by outputs that the encoder has', () => {
    const encoder = graphOf([image], [input('other')]);
    expect(fitFaults({ ...manifest(), outputs: [], prompts }, encoder)).toEqual([
      "prompts.embeddings: the encoder has no output 'features', only 'other'",
    ]);
  });
});
