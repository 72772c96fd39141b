import { describe, expect, it } from 'vitest';
import { isOverreadError } from '@overread/core/errors';
import { parseManifest, type LoadedModel, type ManifestSource } from '@overread/core/model';
import { analyse, fittingRuntime, PromptSession, runSelfTest } from '@overread/core/pipeline';
import { nodeRuntime } from '../../../../inference-server/src/inference/node-runtime.ts';
import { promptModel } from '../../../support/prompt-model.ts';
import { anchorGraph, kindOf, testPlace } from '../../../support/task-models.ts';
import { convolutionGraph } from '../../../support/test-models.ts';
import { thorax } from '../../../support/thorax.ts';
import { tinyManifest } from '../../../support/tiny-manifest.ts';

// Every number of a manifest, one after the other, as no author would write it: the package is refused, or the run is, by name; or it is run.

const numbers = [0, -1, 1e-9, 2 ** 31, 1e15, 1e308];
/** Where a share stands: nearly all. */
const share = 0.9999999;
/** 30 x 22 x 24 voxels. */
const volume = thorax({ spacing: [10, 10, 10] });
const graph = convolutionGraph([2]);
const plain = tinyManifest(graph);
const { input } = plain;

interface Case {
  readonly graph: Uint8Array;
  readonly decoder?: Uint8Array;
  readonly parts: readonly (keyof ManifestSource)[];
  readonly source: ManifestSource;
}

const prompted = promptModel([22, 30]);

const cases: Readonly<Record<string, Case>> = {
  'blended windows': {
    graph,
    parts: ['input', 'finish', 'selfTest'],
    source: {
      ...plain,
      input: {
        ...input,
        spacing: [12, 12, 12],
        masks: [
          { kind: 'bodyMask', id: 'body', above: -300 },
          { kind: 'lungField', id: 'lungs', body: 'body', below: -400, minVolume: 1, closingRadius: 12 },
          { kind: 'threshold', id: 'all', above: -2000 },
        ],
        cropTo: 'lungs',
        cropMargin: [1, 1, 1],
        intensity: [
          { kind: 'clip', min: -1000, max: 1000 },
          { kind: 'percentiles', lower: 0.01, upper: 0.99 },
          { kind: 'window', centre: 0.5, width: 1 },
          { kind: 'scale', fromMin: 0, fromMax: 1, toMin: 0, toMax: 1 },
          { kind: 'normalize', mean: 0, deviation: 1 },
        ],
        patch: {
          mode: 'slidingWindow',
          size: [12, 12, 12],
          smaller: [[8, 8, 8]],
          blending: { kind: 'gaussian', overlap: 0.5, sigma: 0.125 },
          skipBelow: -5000,
        },
      },
      finish: [
        { kind: 'keepLargest', count: 1 },
        { kind: 'removeSmall', minVolume: 0.001 },
        { kind: 'components', label: 1, minVolume: 0.001, maxFindings: 5, finding: kindOf('Spot', '39607008') },
      ],
    },
  },
  'a whole volume': {
    graph,
    parts: ['input'],
    source: {
      ...plain,
      input: { ...input, padding: 0, outside: 0, nearestAcross: 3, patch: { mode: 'whole', multipleOf: [4, 4, 4] } },
    },
  },
  prompts: {
    graph: prompted.graph,
    decoder: prompted.decoder,
    parts: ['input', 'prompts'],
    source: {
      ...prompted.manifest,
      prompts: { ...prompted.manifest.prompts!, fit: [22, 30] },
    },
  },
  'a detector, slice by slice': {
    graph: anchorGraph(2, 4, [0, 0, 0, 0]),
    parts: ['input', 'outputs'],
    source: {
      ...plain,
      input: { ...input, layout: { kind: '2d' }, patch: { mode: 'slices', batch: 3, multipleOf: [4, 4] } },
      outputs: [
        {
          kind: 'boxes',
          name: 'boxes',
          scores: 'scores',
          encoding: { kind: 'anchors', levels: [{ stride: [4, 4], sizes: [[4, 4]] }], weights: [1, 1, 1, 1] },
          classes: [kindOf('Spot', '39607008')],
          minScore: 0.1,
          maxOverlap: 0.3,
          joinGap: 1,
          maxFindings: 5,
        },
      ],
    },
  },
};

interface Place {
  readonly path: readonly string[];
  readonly value: number;
}

/** The places of all numbers in a value. */
function placesOf(value: unknown, path: readonly string[]): readonly Place[] {
  if (typeof value === 'number') return [{ path, value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => placesOf(item, [...path, key]));
}

function changed(source: ManifestSource, path: readonly string[], value: number): ManifestSource {
  const copy = structuredClone(source);
  const owner = path.slice(0, -1).reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], copy);
  (owner as Record<string, unknown>)[path.at(-1)!] = value;
  return copy;
}

const runtime = fittingRuntime(nodeRuntime(1));

/** One prompt of a promptable model. */
async function markedOnce(model: LoadedModel): Promise<void> {
  const session = await PromptSession.open({ model, volume }, runtime);
  try {
    await session.decode({ points: [{ at: [15, 11, 12], inside: true }], box: null, refine: true });
  } finally {
    await session.release();
  }
}

async function answerTo(source: ManifestSource, { graph: bytes, decoder }: Case, part: string): Promise<string> {
  try {
    const manifest = parseManifest(source);
    const model = { manifest, digest: 'ab'.repeat(32), graph: bytes, ...(decoder !== undefined && { decoder }) };
    if (part === 'selfTest') await runSelfTest(model, runtime);
    else if (decoder !== undefined) await markedOnce(model);
    else await analyse({ volume, model, place: testPlace }, runtime);
    return 'answered';
  } catch (error) {
    return isOverreadError(error) ? error.code : String(error);
  }
}

describe.each(Object.entries(cases))('%s', (_, made) => {
  const places = made.parts.flatMap((part) => placesOf(made.source[part], [part]));

  it('run as they are', async () => {
    expect(await answerTo(made.source, made, 'input')).toBe('answered');
  });

  it.each(places.map((place) => [place.path.join('.'), place] as const))(
    'answer or are refused whatever %s is',
    { timeout: 60_000 },
    async (name, { path, value }) => {
      for (const odd of value > 0 && value < 1 ? [...numbers, share] : numbers) {
        const answer = await answerTo(changed(made.source, path, odd), made, path[0]!);
        expect(answer, `${name} = ${odd}`).toMatch(/^(?:answered|(?:model|geometry|pipeline|runtime)\.[a-z-]+)$/);
      }
    },
  );
});
