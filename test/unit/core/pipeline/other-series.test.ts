import { describe, expect, it } from 'vitest';
import type { ComputePlace } from '@overread/core/analysis';
import { makeGrid, voxelCount, type Grid } from '@overread/core/geometry';
import type { LoadedModel } from '@overread/core/model';
import { analyse } from '@overread/core/pipeline';
import { analysisResultSchema, packAnalysis, parseMessage, unpackAnalysis } from '@overread/core/protocol';
import type { Volume } from '@overread/core/volume';
import { nodeRuntime } from '../../../../inference-server/src/inference/node-runtime.ts';
import { forWorld, thorax } from '../../../support/thorax.ts';
import { tinyManifest } from '../../../support/tiny-manifest.ts';
import { differenceGraph, twoSeries } from '../../../support/two-series.ts';

const place: ComputePlace = { location: 'server', runtime: 'node-cpu', threads: 1, device: null, skipped: [] };

const graph = differenceGraph();
const model: LoadedModel = {
  manifest: tinyManifest(graph, { input: twoSeries }),
  digest: 'ab'.repeat(32),
  graph,
};

function volumeOn(grid: Grid, seriesInstanceUID: string, value: (x: number) => number): Volume {
  const samples = new Float32Array(voxelCount(grid));
  forWorld(grid, ([x], v) => (samples[v] = value(x)));
  return { ...thorax({ spacing: [30, 30, 30] }), seriesInstanceUID, grid, samples };
}

const axes = [[1, 0, 0], [0, 1, 0], [0, 0, 1]] as const; // prettier-ignore
const before = volumeOn(makeGrid([20, 10, 5], [1, 1, 2], axes, [0, 0, 0]), '2.25.20', () => 0);
/** Brighter than the first from x = 9.5 mm on; on a grid of its own that holds the other. */
const after = volumeOn(makeGrid([40, 20, 20], [0.75, 0.75, 0.75], axes, [-3, -2, -2]), '2.25.21', (x) => x - 9.5);

describe('a model of two series', () => {
  it('sees both laid over each other, and its result names both', async () => {
    const analysis = await analyse({ volume: before, others: { after }, model, place }, nodeRuntime(1));
    const { labels } = analysis.labelMaps[0]!;
    labels.forEach((label, v) => expect(label).toBe(v % 20 >= 10 ? 1 : 0));
    const { studyInstanceUID, modality, frameOfReferenceUID, slices } = after;
    const others = [
      { channel: 'after', seriesInstanceUID: '2.25.21', studyInstanceUID, modality, frameOfReferenceUID, slices },
    ];
    expect(analysis.source.seriesInstanceUID).toBe('2.25.20');
    expect(analysis.otherSeries).toEqual(others);
    const { document, arrays } = packAnalysis(analysis);
    const answer: unknown = JSON.parse(JSON.stringify({ analysis: document }));
    const sent = parseMessage(analysisResultSchema, answer, 'answer').analysis;
    expect(unpackAnalysis({ document: sent, arrays })).toEqual(analysis);
  });

  it('is not run where one is lacking', async () => {
    await expect(analyse({ volume: before, model, place }, nodeRuntime(1))).rejects.toMatchObject({
      code: 'pipeline.channel-missing',
      details: { channel: 'after' },
    });
  });
});
