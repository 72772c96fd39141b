import { describe, expect, it } from 'vitest';
import { isOverreadError } from '@overread/core/errors';
import { parseManifest, readManifest } from '@overread/core/model';
import { tinyManifest } from '../../../support/tiny-manifest.ts';

const manifest = tinyManifest(new Uint8Array([1]));

function faultsOf(json: unknown): readonly unknown[] {
  try {
    parseManifest(json);
  } catch (error) {
    if (isOverreadError(error) && error.code === 'model.manifest-invalid') return error.details['faults'] as string[];
    throw error;
  }
  return [];
}

function label({ outputs }: typeof manifest): object {
  const [output] = outputs;
  return output?.kind === 'maskLogits' ? output.labels[0]! : {};
}

describe('reading a manifest', () => {
  it('takes a valid one as it is', () => {
    expect(parseManifest(structuredClone(manifest))).toEqual(manifest);
  });

  it('says so when it is no JSON, or no UTF-8', () => {
    expect(() => readManifest(new TextEncoder().encode('{ "manifest": 1,'))).toThrow(/not a JSON document/);
    expect(() => readManifest(new Uint8Array([0x7b, 0xff, 0xfe]))).toThrow(/not a JSON document/);
  });

  const sliding = { mode: 'slidingWindow', size: [8, 8, 8] };
  const wrong: [string, object, RegExp][] = [
    ['a missing field', { id: undefined }, /^id: expected string, received undefined$/],
    ['a version that is none', { version: 'one' }, /^version: .*pattern/],
    ['an unknown field', { colour: 'red' }, /^\(root\): unrecognized key: "colour"$/],
    [
      'a wrong type deep inside',
      { input: { ...manifest.input, spacing: -1 } },
      /^input\.spacing: too small: expected number to be >0$/,
    ],
    ['an unknown kind', { input: { ...manifest.input, patch: { mode: 'huge' } } }, /^input\.patch\.mode: /],
    ...(['constant', 'gaussian'] as const).map((kind): [string, object, RegExp] => [
      `windows that lie upon each other (${kind})`,
      { input: { ...manifest.input, patch: { ...sliding, blending: { kind, overlap: 1 } } } },
      /^input\.patch\.blending\.overlap: too big: expected number to be <1$/,
    ]),
    ['a path out of the package', { card: '../secret' }, /^card: /],
    [
      'a mask that is not defined',
      { input: { ...manifest.input, cropTo: 'lung' } },
      /^input\.cropTo: no mask named 'lung'/,
    ],
    [
      'an operating point that is not defined',
      { defaultOperatingPoint: 'high' },
      /^defaultOperatingPoint: no operating point/,
    ],
    [
      'a label that no output has',
      { finish: [{ kind: 'measureLabels', measurements: [{ kind: 'volume', labels: [1, 4] }] }] },
      /^finish\[0\]\.measurements\[0\]\.labels\[1\]: no label 4 in outputs$/,
    ],
    [
      'a lung field before its body mask',
      {
        input: {
          ...manifest.input,
          masks: [
            { kind: 'lungField', id: 'lung', body: 'body', below: -500, minVolume: 1, closingRadius: 5 },
            { kind: 'bodyMask', id: 'body', above: -500 },
          ],
        },
      },
      /^input\.masks\[0\]\.body: no mask named 'body' before this one$/,
    ],
  ];

  const code = { value: '1', scheme: '99TEST', meaning: 'Test' };
  const kind = { label: 'Thing', code, category: code, site: null, colour: [1, 2, 3] };
  const boxes = { kind: 'boxes', name: 'boxes', scores: 'scores', classes: [kind], minScore: 0.5 };
  const anchors = { kind: 'anchors', levels: [{ stride: [4, 4], sizes: [[8, 8, 8], [8]] }], weights: [1, 1] };
  const flat = { ...manifest.input, layout: { kind: '2d' } };
  const file = { path: 'graph.onnx', sha256: '0'.repeat(64), bytes: 1 };
  const prompts = { decoder: file, embeddings: {}, points: 'p', pointLabels: 'l', masks: 'm', finding: kind };
  const references: [string, object, readonly string[]][] = [
    [
      'labels in every finish step',
      {
        finish: [
          { kind: 'keepLargest', labels: [1, 9] },
          { kind: 'removeSmall', labels: [8], minVolume: 1 },
          { kind: 'fillHoles', labels: [7] },
          { kind: 'assignMask', mask: 'lung', label: 6, except: [5] },
          { kind: 'components', label: 4, minVolume: 0, maxFindings: 1, finding: kind },
        ],
      },
      [
        "finish[3].mask: no mask named 'lung' in input.masks",
        'finish[0].labels[1]: no label 9 in outputs',
        'finish[1].labels[0]: no label 8 in outputs',
        'finish[2].labels[0]: no label 7 in outputs',
        'finish[3].label: no label 6 in outputs',
        'finish[3].except[0]: no label 5 in outputs',
        'finish[4].label: no label 4 in outputs',
      ],
    ],
    [
      'masks that labels of a label map and statistics name',
      {
        input: { ...manifest.input, intensity: [{ kind: 'zScore', over: { mask: 'head' } }] },
        outputs: [{ kind: 'labelMap', name: 'y', labels: [{ ...label(manifest), within: 'lung' }] }],
      },
      [
        "input.intensity[0].over.mask: no mask named 'head' in input.masks",
        "outputs[0].labels[0].within: no mask named 'lung' in input.masks",
      ],
    ],
    [
      'flat boxes of a volume',
      { outputs: [{ ...boxes, encoding: { kind: 'boxes', order: 'yxyx' } }] },
      ["outputs[0].encoding.order: 'yxyx' has 4 numbers, and boxes of this layout 6"],
    ],
    [
      'boxes in space of a slice',
      { input: flat, outputs: [{ ...boxes, encoding: { kind: 'boxes', order: 'cxcyczwhd' } }] },
      ["outputs[0].encoding.order: 'cxcyczwhd' has 6 numbers, and boxes of this layout 4"],
    ],
    [
      'anchors of other axes',
      { outputs: [{ ...boxes, encoding: anchors }] },
      [
        'outputs[0].encoding.levels[0].stride: 3 numbers are expected, not 2',
        'outputs[0].encoding.levels[0].sizes[1]: 3 numbers are expected, not 1',
        'outputs[0].encoding.weights: 6 numbers are expected, not 2',
      ],
    ],
    [
      'a decoder that is the encoder, and is given nothing',
      { input: flat, outputs: [], prompts },
      ['prompts.decoder.path: is the encoder’s graph', 'prompts.embeddings: nothing goes from encoder to decoder'],
    ],
    [
      'prompts of a model that does not look at whole slices of one series',
      {
        input: {
          ...manifest.input,
          channels: [{ name: 'first' }, { name: 'second' }],
          patch: { mode: 'slidingWindow', size: [8, 8, 8], blending: { kind: 'crop', halo: [1, 1, 1] } },
        },
        outputs: [],
        prompts: { ...prompts, decoder: { ...file, path: 'decoder.onnx' }, embeddings: { out: 'in' } },
      },
      [
        'prompts: are marks in a slice, and input.layout is 3d',
        'prompts: need whole slices, and input.patch is a sliding window',
        'prompts: are set in one series, and input.channels names several',
      ],
    ],
    [
      'limits and ranges the wrong way round',
      {
        applicability: { modalities: ['CT'], minSlices: 9, maxSlices: 8, minPixelSpacing: 2, maxPixelSpacing: 1 },
        selfTest: { ...manifest.selfTest, range: [1, 1] },
      },
      [
        'applicability.minSlices: is above maxSlices',
        'applicability.minPixelSpacing: is above maxPixelSpacing',
        'selfTest.range: its first number is not below its second',
      ],
    ],
    [
      'a self-test that would fill the memory',
      { selfTest: { ...manifest.selfTest, shape: [1, 1, 2 ** 20, 2 ** 20, 2 ** 20] } },
      ['selfTest.shape: holds more than 268435456 values'],
    ],
    [
      'a self-test of a decoder that there is not',
      { selfTest: { ...manifest.selfTest, decoder: { expected: [1], tolerance: 1e-3 } } },
      ['selfTest.decoder: the model takes no prompts'],
    ],
  ];

  it.each(references)('checks what one field says of another: %s', (_name, change, expected) => {
    expect(faultsOf({ ...manifest, ...change })).toEqual(expected);
  });

  it.each(wrong)('names field and fault: %s', (_name, change, expected) => {
    const faults = faultsOf({ ...manifest, ...change });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(expected);
  });

  it('tells all faults at once', () => {
    expect(faultsOf({ ...manifest, id: 'Not An Id', licence: 3 })).toHaveLength(2);
  });
});
