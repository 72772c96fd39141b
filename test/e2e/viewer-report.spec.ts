import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import type { Finding } from '@overread/core/analysis';
import { newUID } from '@overread/core/dicom';
import { indexToWorld, worldToIndex, type Vec3 } from '@overread/core/geometry';
import { noduleFinding } from '../support/analyses.ts';
import { PlainViewer, startPlainViewer } from './support/plain-viewer.ts';
import { axial, nodule, writeResults, writeSeries, type ResultStudy } from './support/result-study.ts';
import type { Colour } from './support/screen.ts';
import type { ServedViewer } from './support/site.ts';

/** A measured nodule, a box with nothing but a score, a point with nothing at all, and a finding without a place. */
function findingsOf({ geometry, labelMap }: ResultStudy): readonly Finding[] {
  const [i, j, k] = worldToIndex(geometry.grid, nodule.centre).map(Math.round) as unknown as Vec3;
  const model = noduleFinding(labelMap);
  const other = (label: string, changes: Partial<Finding>): Finding => ({
    ...model,
    label,
    trackingIdentifier: label,
    trackingUID: newUID(),
    measurements: [],
    ...changes,
  });
  const region = { segmentNumber: null, axes: null };
  return [
    {
      ...model,
      label: 'Nodule 1',
      region: {
        box: { min: [i - 5, j - 5, k - 3], max: [i + 5, j + 5, k + 3] },
        centre: [i, j, k],
        segmentNumber: 2,
        axes: {
          long: [
            [i - 4.5, j, k],
            [i + 4.5, j, k],
          ],
          short: [
            [i, j - 4.5, k],
            [i, j + 4.5, k],
          ],
        },
      },
    },
    other('Box 2', { region: { ...region, box: { min: [95, 44, 18], max: [106, 60, 24] }, centre: [100, 52, 20] } }),
    other('Point 3', {
      score: null,
      region: { ...region, box: { min: [70, 30, 55], max: [70, 30, 55] }, centre: [70, 30, 55] },
    }),
    other('Nowhere 4', { region: null }),
  ];
}

const ask = 'Do you want to continue tracking measurements for this study?';
const green = ([r, g, b]: Colour): boolean => g > 150 && r < 100 && b < 100;
const yellow = ([r, g, b]: Colour): boolean => r > 150 && g > 150 && b < 100;

/** How much of the outline of a box has a colour on screen; the outline runs along the outer edges of its voxels. */
async function shareOfOutline(
  viewer: PlainViewer,
  { geometry }: ResultStudy,
  { region }: Finding,
  { grown, is }: { readonly grown: number; readonly is: (colour: Colour) => boolean },
): Promise<number> {
  const { box, centre } = region!;
  const [left, top] = [box.min[0] - 0.5 - grown, box.min[1] - 0.5 - grown];
  const [right, bottom] = [box.max[0] + 0.5 + grown, box.max[1] + 0.5 + grown];
  const places: Vec3[] = [];
  for (let at = 0.02; at < 1; at += 0.01) {
    const [x, y] = [left + at * (right - left), top + at * (bottom - top)];
    places.push([x, top, centre[2]], [x, bottom, centre[2]], [left, y, centre[2]], [right, y, centre[2]]);
  }
  const colours = await viewer.coloursOf(geometry, places);
  return colours.filter(is).length / colours.length;
}

/** Corners of a box as the viewer keeps them: first row from left to right, then the last. */
function cornersOf({ geometry }: ResultStudy, { region }: Finding): readonly Vec3[] {
  const { min, max } = region!.box;
  const k = region!.centre[2];
  const [left, top, right, bottom] = [min[0] - 0.5, min[1] - 0.5, max[0] + 0.5, max[1] + 0.5];
  const corners: readonly Vec3[] = [
    [left, top, k],
    [right, top, k],
    [left, bottom, k],
    [right, bottom, k],
  ];
  return corners.map((corner) => indexToWorld(geometry.grid, corner));
}

interface Measurement {
  readonly toolName: string;
  readonly label: string;
  readonly finding: string;
  readonly points: readonly Vec3[];
}

/** What the viewer's own measurement service holds. */
function measurementsIn({ page }: PlainViewer): Promise<readonly Measurement[]> {
  return page.evaluate(() => {
    type Held = Omit<Measurement, 'finding'> & { readonly finding: { readonly text: string } };
    const held = window.services['measurementService']!['getMeasurements']!() as readonly Held[];
    return held.map(({ toolName, label, finding, points }) => ({ toolName, label, finding: finding.text, points }));
  });
}

async function expectMeasurements(viewer: PlainViewer, wanted: readonly Measurement[]): Promise<void> {
  await expect.poll(async () => (await measurementsIn(viewer)).length).toBe(wanted.length);
  expect(await measurementsIn(viewer)).toEqual(
    wanted.map(({ points, ...rest }) => ({
      ...rest,
      points: points.map((point): unknown => point.map((value): unknown => expect.closeTo(value, 3))),
    })),
  );
}

test.describe('a report in the viewer', () => {
  let folder: string;
  let study: ResultStudy;
  let findings: readonly Finding[];
  let slices: readonly number[];
  let site: ServedViewer;

  test.beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'overread-report-'));
    study = writeSeries(join(folder, 'images'), 'CT', axial);
    findings = findingsOf(study);
    slices = findings.map(({ region }) => region?.centre[2] ?? Math.floor(study.geometry.slices.length / 2));
    writeResults(join(folder, 'results'), study, { labelMaps: [study.labelMap], findings });
    site = await startPlainViewer(folder);
  });
  test.afterAll(async () => {
    await site.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A report in the list of series, by its kind, opened as a person does. */
  async function open(page: Page, name: 'Findings' | 'Regions' | 'Unplaced'): Promise<PlainViewer> {
    const viewer = new PlainViewer(page);
    await viewer.open(site, 'viewer', study.geometry.studyInstanceUID);
    await expect(viewer.listed(name)).toContainText('SR');
    await viewer.openListed(name);
    return viewer;
  }
  const expectSlice = (viewer: PlainViewer, finding: number) =>
    expect.poll(() => viewer.shownSlice(study.geometry)).toBeCloseTo(slices[finding]!, 3);

  test('is listed, shows its boxes where they are, and leads from one to the next', async ({ page }) => {
    const viewer = await open(page, 'Findings');
    await expectSlice(viewer, 0);
    await expect(page.getByText(ask)).toBeVisible();
    // The point stands in a document of its own: it has no numbers, and is a region (TID 1410). So does what has no place.
    for (const place of [1, 0]) {
      await page.locator('[data-cy="viewport-action-arrows-right"] svg').click();
      await expectSlice(viewer, place);
    }
    // Looked at only now: the viewer may draw the first slice before it knows which boxes are the report's, and then it
    // draws them when that slice is shown again. Dashed, and nothing one voxel further out.
    await expect.poll(() => shareOfOutline(viewer, study, findings[0]!, { grown: 0, is: green })).toBeGreaterThan(0.3);
    expect(await shareOfOutline(viewer, study, findings[0]!, { grown: 1, is: green })).toBeLessThan(0.05);
    await viewer.shot('viewer-report-shown');
    expect(viewer.complaints).toEqual([]);
  });

  test('becomes boxes that can be edited', async ({ page }) => {
    const viewer = await open(page, 'Findings');
    await viewer.answerYes(ask);
    const corners = cornersOf(study, findings[0]!);
    await expectMeasurements(viewer, [
      { toolName: 'RectangleROI', label: 'Nodule 1', finding: 'Nodule', points: corners },
      { toolName: 'RectangleROI', label: 'Box 2', finding: 'Nodule', points: cornersOf(study, findings[1]!) },
    ]);
    await expectSlice(viewer, 0);
    // Solid now; a corner that is dragged takes the box along.
    expect(await shareOfOutline(viewer, study, findings[0]!, { grown: 0, is: yellow })).toBeGreaterThan(0.6);
    await viewer.shot('viewer-report-editable');
    const [x, y] = await viewer.placeOf(corners[3]!);
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 60, y + 60, { steps: 5 });
    await page.mouse.up();
    await expect.poll(async () => (await measurementsIn(viewer))[0]!.points[3]![0]).toBeGreaterThan(corners[3]![0] + 5);
    expect(viewer.complaints).toEqual([]);
  });

  test('becomes points that can be edited', async ({ page }) => {
    const viewer = await open(page, 'Regions');
    await expectSlice(viewer, 2);
    await viewer.shot('viewer-report-point');
    await viewer.answerYes(ask);
    const points = [indexToWorld(study.geometry.grid, findings[2]!.region!.centre)];
    await expectMeasurements(viewer, [{ toolName: 'Probe', label: 'Point 3', finding: 'Nodule', points }]);
    expect(viewer.complaints).toEqual([]);
  });

  test('opens on the middle of the series for what has no place', async ({ page }) => {
    const viewer = await open(page, 'Unplaced');
    await expectSlice(viewer, 3);
    // There is nothing to be made a measurement of, and the viewer does not offer it.
    await expect(page.getByText(ask)).toHaveCount(0);
    expect(viewer.complaints).toEqual([]);
  });
});
