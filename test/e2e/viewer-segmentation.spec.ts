import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { LabelMap } from '@overread/core/analysis';
import { worldToIndex, type Vec3 } from '@overread/core/geometry';
import type { SegmentationKind } from '@overread/core/results';
import { PlainViewer, startPlainViewer } from './support/plain-viewer.ts';
import { axial, nodule, oblique, writeResults, writeSeries, type ResultStudy } from './support/result-study.ts';
import type { Colour } from './support/screen.ts';
import type { ServedViewer } from './support/site.ts';

let folder: string;
let site: ServedViewer;
const cases = new Map<string, ResultStudy>();

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'overread-seg-'));
  for (const [name, modality, directions, kind] of [
    ['binary', 'CT', axial, 'binary'],
    ['label map', 'CT', axial, 'labelmap'],
    ['oblique', 'MR', oblique, 'binary'],
    ['overlapping', 'CT', axial, 'binary'],
  ] as const) {
    const study = writeSeries(join(folder, name), modality, directions);
    writeResults(
      join(folder, name),
      study,
      { labelMaps: name === 'overlapping' ? overlapping(study.labelMap) : [study.labelMap] },
      { segmentation: kind satisfies SegmentationKind },
    );
    cases.set(name, study);
  }
  site = await startPlainViewer(folder);
});
test.afterAll(async () => {
  await site.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The nodule lies in the lung, and takes no voxel from it. */
function overlapping({ grid, labels, segments }: LabelMap): readonly LabelMap[] {
  return [
    { grid, labels: labels.map((label) => (label === 2 ? 1 : label)), segments: segments.slice(0, 1) },
    { grid, labels: labels.map((label) => (label === 2 ? 2 : 0)), segments: segments.slice(1) },
  ];
}

const blue = ([red, , b]: Colour): boolean => b > red + 10;
const red = ([r, , b]: Colour): boolean => r > b + 10;
/** Red over blue: the viewer draws both. */
const both = ([r, g, b]: Colour): boolean => r > g + 10 && b > g + 10;

/** Voxels of a slice whose neighbours within two steps have the same label: an edge voxel proves nothing. */
function inner({ labelMap: { grid, labels } }: ResultStudy, k: number, label: number): readonly Vec3[] {
  const [ni, nj] = grid.dims;
  const found: Vec3[] = [];
  for (let j = 2; j < nj - 2; j++) {
    for (let i = 2; i < ni - 2; i++) {
      const same = [-2, -1, 0, 1, 2].every(
        (d) => labels[i + d + ni * (j + nj * k)] === label && labels[i + ni * (j + d + nj * k)] === label,
      );
      if (same) found.push([i, j, k]);
    }
  }
  return found;
}

async function expectMask(
  viewer: PlainViewer,
  study: ResultStudy,
  k: number,
  inNodule: (colour: Colour) => boolean,
): Promise<void> {
  await viewer.showSlice(study.geometry, k);
  const share = async (label: number, is: (colour: Colour) => boolean, least: number): Promise<number> => {
    const voxels = inner(study, k, label);
    expect(voxels.length).toBeGreaterThanOrEqual(least);
    const colours = await viewer.coloursOf(study.geometry, voxels);
    return colours.filter(is).length / colours.length;
  };
  expect(await share(1, blue, 1000)).toBeGreaterThan(0.95);
  expect(await share(2, inNodule, 3)).toBeGreaterThan(0.95);
  expect(await share(0, (colour) => blue(colour) || red(colour), 3000)).toBeLessThan(0.01);
}

for (const [name, what] of [
  ['binary', 'a SEG of bits'],
  ['label map', 'a SEG of labels'],
  ['oblique', 'a SEG of an oblique series'],
  ['overlapping', 'a SEG of segments that overlap'],
] as const) {
  test(`${what} lies where it should in the viewer's own overlay`, async ({ page }) => {
    const study = cases.get(name)!;
    const viewer = new PlainViewer(page);
    await viewer.open(site, 'viewer', study.geometry.studyInstanceUID);
    await viewer.openListed('SEG');
    await viewer.answerYes('Do you want to open this Segmentation?');
    const k = Math.round(worldToIndex(study.geometry.grid, nodule.centre)[2]);
    const inNodule = name === 'overlapping' ? both : red;
    await expectMask(viewer, study, k, inNodule);
    await expectMask(viewer, study, k - 1, inNodule);
    await viewer.shot(`viewer-seg-${name}`);
    // Where the bits of all frames end in an odd byte, the viewer's reader takes the byte of padding for an error and goes
    // on frame by frame.
    expect(viewer.complaints.filter((text) => !text.startsWith('[prefetchInstanceFrames]'))).toEqual([]);
  });
}
