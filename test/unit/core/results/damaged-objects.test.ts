import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKeyword, itemOf, readPart10, textOf, writePart10 } from '@overread/core/dicom';
import { isOverreadError } from '@overread/core/errors';
import { decodeResults, type SegmentationKind } from '@overread/core/results';
import type { LabelMap } from '@overread/core/analysis';
import type { SeriesGeometry } from '@overread/core/volume';
import { openSegmentation } from '../../../../core/results/seg/open.ts';
import { ownGeometry } from '../../../../core/results/seg/own-grid.ts';
import { analysisOf, boxLabelMap, noduleFinding, regionFinding, tissueFinding } from '../../../support/analyses.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { awkwardMap } from '../../../support/heat-maps.ts';
import { sharedData } from '../../../support/shared-data.ts';
import { encodeAnalysis } from '../../../support/checked-results.ts';

/** Cases of each kind: more than 100,000 together in the long run. */
const long = process.env['OVERREAD_LONG'] === '1';
const numRuns = long ? 20_000 : 250;
/** Time that a test may take, ms: only so that a hang is found. */
const most = long ? 1_800_000 : 60_000;

const { geometry, datasets } = ctSeries();
const labelMap = boxLabelMap(geometry);
const analysis = analysisOf(geometry, { labelMaps: [labelMap], findings: [noduleFinding(labelMap)] });
const source = datasets[0] ?? {};
/** A heat map, and findings of every kind of measurement group: several documents. */
const everything = analysisOf(geometry, {
  labelMaps: [labelMap],
  heatMaps: [awkwardMap(geometry.grid)],
  findings: [regionFinding(), tissueFinding(labelMap), noduleFinding(labelMap)],
});
const written = [
  ...(['binary', 'labelmap', 'fractional'] satisfies SegmentationKind[]).map((segmentation) =>
    encodeAnalysis(analysis, { source, segmentation, predecessors: [] }),
  ),
  encodeAnalysis(everything, { source, segmentation: true, parametricMap: true, predecessors: [] }),
].map((objects) => objects.map(({ bytes }) => bytes));

/** Reads what may be damaged beside what is whole: no throw, and nothing drawn that is not on the grid. */
function readAll(objects: readonly Uint8Array[]): void {
  const { analyses, otherSegmentations, otherReports } = decodeResults(objects, geometry);
  const drawn: LabelMap[] = [
    ...analyses.flatMap((one) => one.analysis.labelMaps),
    ...otherSegmentations.flatMap(({ layers }) => layers),
  ];
  for (const mask of drawn) {
    expect(mask.grid).toEqual(geometry.grid);
    expect(mask.labels).toHaveLength(labelMap.labels.length);
    const numbers = new Set(mask.segments.map(({ number }) => number));
    expect([...new Set(mask.labels)].every((label) => label === 0 || numbers.has(label))).toBe(true);
  }
  for (const heatMap of analyses.flatMap((one) => one.analysis.heatMaps)) {
    expect(heatMap.values).toHaveLength(heatMap.grid.dims.reduce((product, count) => product * count));
    expect(heatMap.grid.indexToWorld.every(Number.isFinite)).toBe(true);
  }
  const regions = [
    ...analyses.flatMap((one) => one.analysis.findings),
    ...otherReports.flatMap((report) => report.findings),
  ];
  for (const { region } of regions) if (region !== null) expect(region.box.min.every(Number.isFinite)).toBe(true);
}

/** A share of the file from 0 to 1, every place as likely as any other: a float as it comes lies near 0 mostly. */
const share = fc.noBias(fc.nat(999_999)).map((at) => at / 1_000_000);

const damage = fc.record({
  which: fc.nat(written.length - 1),
  object: fc.nat(4),
  changes: fc.array(fc.tuple(share, fc.nat(255)), { minLength: 1, maxLength: 10 }),
  cut: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: share }),
});

function damaged(bytes: Uint8Array, changes: readonly (readonly [number, number])[], cut: number | null): Uint8Array {
  const copy = bytes.slice(0, cut === null ? bytes.length : Math.floor(cut * bytes.length));
  // Behind the preamble: what is there says something.
  for (const [at, value] of changes) copy[132 + Math.floor(at * (copy.length - 132))] = value;
  return copy;
}

describe('objects of ours', () => {
  it('with bytes changed or cut off are read or refused', { timeout: most }, () => {
    fc.assert(
      fc.property(damage, ({ which, object, changes, cut }) => {
        const objects = written[which] ?? [];
        const chosen = object % objects.length;
        readAll(objects.map((bytes, index) => (index === chosen ? damaged(bytes, changes, cut) : bytes)));
      }),
      { numRuns },
    );
  });
});

type Edit = {
  readonly path: readonly number[];
  readonly change: 'remove' | 'empty' | 'repeat' | 'replace';
  readonly value: unknown;
};

const edit: fc.Arbitrary<Edit> = fc.record({
  path: fc.array(fc.nat(200), { minLength: 1, maxLength: 8 }),
  change: fc.constantFrom('remove', 'empty', 'repeat', 'replace'),
  value: fc.oneof(
    fc.constantFrom('', '0', '-1', '1e99', '999999999', 'BINARY', 'TILED_FULL', 'LABELMAP', '1.2.3'),
    fc.integer({ min: -5, max: 70_000 }),
    fc.double({ noNaN: false }),
    fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 7 }),
    fc.uint8Array({ maxLength: 20 }),
    fc.constant([{}]),
  ),
});

/** Goes down by the numbers of the path, and does to what it finds there what the edit says. */
function apply(node: Record<string, unknown> | unknown[], { path, change, value }: Edit, at = 0): void {
  const keys = Array.isArray(node) ? [...node.keys()].map(String) : Object.keys(node);
  const key = keys[(path[at] ?? 0) % Math.max(keys.length, 1)];
  if (key === undefined) return;
  const holder = node as Record<string, unknown>;
  const child = holder[key];
  if (at + 1 < path.length && typeof child === 'object' && child !== null && !ArrayBuffer.isView(child)) {
    apply(child as Record<string, unknown>, { path, change, value }, at + 1);
  } else if (Array.isArray(node)) {
    if (change === 'remove') node.splice(Number(key), 1);
    else if (change === 'repeat') node.push(child);
    else node[Number(key)] = change === 'empty' ? {} : child;
  } else if (change === 'remove') Reflect.deleteProperty(holder, key);
  else if (change === 'empty') holder[key] = null;
  else if (change === 'replace') holder[key] = value;
}

/** The edited object as a file; null where no writer could have written it. */
function edited(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array | null {
  const dataset = structuredClone(readPart10(bytes).dataset) as Record<string, unknown>;
  for (const one of edits) apply(dataset, one);
  const known = Object.fromEntries(Object.entries(dataset).filter(([keyword]) => isKeyword(keyword)));
  try {
    return writePart10(known);
  } catch (error) {
    if (isOverreadError(error)) return null;
    throw error;
  }
}

describe('objects of ours, well written but wrong', () => {
  it('with attributes gone, doubled or replaced are read or refused', { timeout: most }, () => {
    let read = 0;
    fc.assert(
      fc.property(
        fc.nat(written.length - 1),
        fc.nat(4),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        (which, object, edits) => {
          const objects = [...(written[which] ?? [])];
          const chosen = object % objects.length;
          const changed = edited(objects[chosen] ?? new Uint8Array(), edits);
          if (changed === null) return;
          read++;
          objects[chosen] = changed;
          readAll(objects);
          readAll([changed]);
        },
      ),
      { numRuns: 2 * numRuns },
    );
    // Most edits leave a file that can be written: the test is about those.
    expect(read).toBeGreaterThan(numRuns / 2);
  });
});

const samples = [
  sharedData('highdicom', 'seg_image_ct_binary_overlap.dcm'),
  sharedData('highdicom', 'seg_image_ct_true_fractional.dcm'),
  sharedData('highdicom', 'seg_image_sm_dots_tiled_full.dcm'),
  sharedData('highdicom', 'seg_image_sm_control_labelmap.dcm'),
  sharedData('highdicom', 'sr_document_with_multiple_groups.dcm'),
  sharedData('dcmqi', 'segmentations', '23x38x3', 'seg', 'label.seg'),
  sharedData('dcmqi', 'sr-example', 'sr.dcm'),
].filter((path) => path !== null);

/** A file with the series that it is about: of a segmentation the one that its own frames span. */
function sampleOf(path: string): { readonly file: Uint8Array; readonly series: SeriesGeometry } {
  const file = new Uint8Array(readFileSync(path));
  const { dataset, transferSyntaxUID } = readPart10(file);
  const opened = openSegmentation(dataset, transferSyntaxUID);
  const own = typeof opened === 'string' ? null : ownGeometry(opened);
  if (typeof own === 'string') throw new Error(own);
  const evidence = itemOf(dataset, 'CurrentRequestedProcedureEvidenceSequence') ?? {};
  const named = itemOf(dataset, 'ReferencedSeriesSequence') ?? itemOf(evidence, 'ReferencedSeriesSequence') ?? {};
  return {
    file,
    series: {
      ...(own ?? geometry),
      studyInstanceUID: textOf(dataset, 'StudyInstanceUID') ?? '',
      seriesInstanceUID: textOf(named, 'SeriesInstanceUID') ?? '',
    },
  };
}

describe.skipIf(samples.length === 0)('objects of others (sample data, absent: skipped)', () => {
  const files = samples.map(sampleOf);

  it('are all read where they are whole', () => {
    const found = files.map(({ file, series }) => decodeResults([file], series));
    expect(
      found.map(({ otherReports, otherSegmentations }) => otherReports.length + otherSegmentations.length),
    ).toEqual(files.map(() => 1));
  });

  it('with bytes changed or cut off are read or refused', { timeout: most }, () => {
    let found = 0;
    fc.assert(
      fc.property(fc.nat(files.length - 1), damage, (which, { changes, cut }) => {
        const { file, series } = files[which] ?? { file: new Uint8Array(), series: geometry };
        const broken = damaged(file, changes, cut);
        const { otherReports, otherSegmentations } = decodeResults([broken], series);
        found += otherReports.length + otherSegmentations.length;
        for (const { layers } of otherSegmentations) for (const { grid } of layers) expect(grid).toEqual(series.grid);
        try {
          const { dataset, transferSyntaxUID } = readPart10(broken);
          const opened = openSegmentation(dataset, transferSyntaxUID);
          if (typeof opened !== 'string') ownGeometry(opened);
        } catch (error) {
          if (!isOverreadError(error)) throw error;
        }
      }),
      { numRuns: 2 * numRuns },
    );
    // Much of the damage leaves something to read: the test is about that as well.
    expect(found).toBeGreaterThan(numRuns / 4);
  });
});
