// Writing and reading results, side by side with the library that the viewer uses.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Analysis, LabelMap } from '@overread/core/analysis';
import { newUID } from '@overread/core/dicom';
import { decodeResults, encodeAnalysis } from '@overread/core/results';
import { decodeReport, openReport } from '../../core/results/sr/decode.ts';
import { readOnSeries } from '../../core/results/seg/read.ts';
import { encodeSegmentation } from '../../core/results/seg/encode.ts';
import { readStoredObject } from '../../core/results/stored-object.ts';
import { analysisOf, boxLabelMap, noduleFinding } from '../support/analyses.ts';
import { loadCornerstoneAdapters } from '../support/cornerstone-adapters.ts';
import { ctSeries, type CtSeries } from '../support/ct-series.ts';
import { median, printReport, type Measure } from './report.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const milliseconds = async (run: () => unknown): Promise<number> => {
  const start = performance.now();
  await run();
  return performance.now() - start;
};

/** The least of several runs: what the work takes, without what else the machine was doing. */
async function timed(repeats: number, run: () => unknown): Promise<number> {
  let least = Infinity;
  for (let n = 0; n < repeats; n++) least = Math.min(least, await milliseconds(run));
  return least;
}

/** Ellipses in every slice, one per segment, side by side: `columns` x `rows` of them. */
function ellipses({ geometry }: CtSeries, across: number, down: number, first = 0): LabelMap {
  const { grid } = geometry;
  const [ni, nj, nk] = grid.dims;
  const [template] = boxLabelMap(ctSeries().geometry).segments;
  if (template === undefined) throw new Error('The sample has segments.');
  const labels = new Uint8Array(ni * nj * nk);
  const [width, height] = [ni / across, nj / down];
  for (let k = 0, at = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, at++) {
        const [x, y] = [(i % width) / width - 0.5, (j % height) / height - 0.5];
        if (x * x + y * y < 0.15) labels[at] = 1 + Math.floor(i / width) + across * Math.floor(j / height);
      }
    }
  }
  const segments = Array.from({ length: across * down }, (_, index) => ({
    ...template,
    number: index + 1,
    label: `Segment ${first + index + 1}`,
    trackingUID: newUID(),
  }));
  return { grid, labels, segments };
}

/** Three segments on 143 slices: the size of an organ mask of a chest CT. */
async function againstAdapters(): Promise<readonly Measure[]> {
  const series = ctSeries({ dims: [512, 512, 143] });
  const { geometry, datasets } = series;
  const labelMap = ellipses(series, 3, 1);
  const analysis = analysisOf(geometry, { labelMaps: [labelMap] });
  const options = { source: datasets[0] ?? {}, segmentation: 'binary', predecessors: [] } as const;
  const adapters = await loadCornerstoneAdapters();

  const objects = encodeAnalysis(analysis, options).map(({ bytes }) => bytes);
  const [seg = new Uint8Array()] = objects;
  const [decoded] = decodeResults(objects, geometry).analyses;
  expectSame(decoded?.analysis.labelMaps[0]?.labels, labelMap.labels);
  const theirs = adapters.encode(labelMap, datasets);
  expectSame(await adapters.decode(seg, datasets), labelMap.labels);

  const encode = await sideBySide(
    () => encodeAnalysis(analysis, options),
    () => adapters.encode(labelMap, datasets),
  );
  const decode = await sideBySide(
    () => decodeResults(objects, geometry),
    () => adapters.decode(seg, datasets),
  );
  return [
    ...comparison('429 frames: encode', encode, 20),
    ...comparison('429 frames: decode', decode, 10),
    { id: '429 frames: file size', value: seg.length / 2 ** 20, unit: 'MiB', aim: null },
    { id: '429 frames: file size, adapters', value: theirs.length / 2 ** 20, unit: 'MiB', aim: null },
  ];
}

interface Times {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

/**
 * Turn by turn, so that what else the machine does falls on both, and neither tidies up after the other. What comes first
 * in a process is not counted.
 */
async function sideBySide(ours: () => unknown, theirs: () => unknown): Promise<Times> {
  const times = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round < 7; round++) {
    collectGarbage();
    for (let n = 0; n < 5; n++) times.ours.push(await milliseconds(ours));
    collectGarbage();
    times.theirs.push(await milliseconds(theirs));
  }
  return times;
}

/** Medians, and how many times faster: of all rounds together, and in the round where it was least. */
function comparison(id: string, { ours, theirs }: Times, aim: number): readonly Measure[] {
  const rounds = theirs.map((time, round) => time / median(ours.slice(5 * round, 5 * round + 5)));
  return [
    { id, value: median(ours), unit: 'ms', aim: null },
    { id: `${id}, spread`, value: Math.max(...ours) - Math.min(...ours), unit: 'ms', aim: null },
    { id: `${id}, adapters + dcmjs`, value: median(theirs), unit: 'ms', aim: null },
    { id: `${id}, times faster`, value: median(theirs) / median(ours), unit: 'x', aim: { op: '>=', value: aim } },
    { id: `${id}, times faster, least`, value: Math.min(...rounds), unit: 'x', aim: null },
  ];
}

function expectSame(found: Uint8Array | undefined, expected: Uint8Array): void {
  if (found === undefined || Buffer.compare(found, expected) !== 0) throw new Error('The mask came back changed.');
}

/** The most that this process ever held, bytes. */
const mostHeld = () => process.resourceUsage().maxRSS * 1024;

/** 1,000 segments on 12 slices each: label maps hold 255, so that there are four. */
async function manySegments(): Promise<readonly Measure[]> {
  const before = process.memoryUsage.rss();
  const series = ctSeries({ dims: [512, 512, 12] });
  const { geometry, datasets } = series;
  const layers = Array.from({ length: 4 }, (_, index) => ellipses(series, 25, 10, index * 250));
  const analysis: Analysis = analysisOf(geometry);
  const source = datasets[0] ?? {};
  const mask = layers.reduce((sum, { labels }) => sum + labels.length, 0);

  let bytes: Uint8Array = new Uint8Array();
  const encode = await milliseconds(() => {
    bytes = encodeSegmentation(analysis, layers, { kind: 'binary', source, now: new Date() }).object.bytes;
  });
  let found: readonly LabelMap[] = [];
  const decode = await milliseconds(() => {
    const object = readStoredObject(bytes);
    const read = object === null ? null : readOnSeries(object, geometry, { labelValue: (n) => n, missingCode: null });
    if (read?.ok !== true) throw new Error('The segmentation is read.');
    found = read.layers;
  });
  const most = mostHeld();
  const segments = found.reduce((sum, layer) => sum + layer.segments.length, 0);
  const voxels = (all: readonly LabelMap[]) =>
    all.reduce((sum, { labels }) => sum + labels.reduce((count, label) => count + (label === 0 ? 0 : 1), 0), 0);
  if (segments !== 1000 || voxels(found) !== voxels(layers)) throw new Error('The segments came back changed.');
  const budget = bytes.length + mask;
  return [
    { id: '12,000 frames: encode', value: encode / 1000, unit: 's', aim: { op: '<=', value: 5 } },
    { id: '12,000 frames: decode', value: decode / 1000, unit: 's', aim: { op: '<=', value: 5 } },
    { id: '12,000 frames: file size', value: bytes.length / 2 ** 20, unit: 'MiB', aim: null },
    // Over both, with the masks written and read.
    { id: '12,000 frames: memory', value: (most - before) / budget, unit: 'x', aim: { op: '<=', value: 3 } },
  ];
}

async function manyFindings(): Promise<readonly Measure[]> {
  const { geometry, datasets } = ctSeries({ dims: [512, 512, 143] });
  const findings = Array.from({ length: 200 }, () => ({ ...noduleFinding(null), trackingUID: newUID() }));
  const analysis = analysisOf(geometry, { findings });
  const options = { source: datasets[0] ?? {}, segmentation: false, predecessors: [] } as const;
  const both = await timed(30, () => {
    const [report] = encodeAnalysis(analysis, options);
    const object = readStoredObject(report?.bytes ?? new Uint8Array());
    const open = object === null ? null : openReport(object.dataset);
    if (
      open === null ||
      decodeReport(open, geometry, { labelMaps: [], documents: [] }).analysis?.findings.length !== 200
    )
      throw new Error('200 findings');
  });
  return [{ id: 'report of 200 findings: encode + decode', value: both, unit: 'ms', aim: { op: '<=', value: 50 } }];
}

printReport('results', [...(await manyFindings()), ...(await manySegments()), ...(await againstAdapters())]);
