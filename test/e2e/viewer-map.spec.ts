import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { indexToWorld, worldToIndex, type Vec3 } from '@overread/core/geometry';
import { PlainViewer, startPlainViewer } from './support/plain-viewer.ts';
import { axial, heatAt, nodule, oblique, writeResults, writeSeries, type ResultStudy } from './support/result-study.ts';
import type { Colour } from './support/screen.ts';

/** The viewer's rainbow, from its darkest end: which colour stands for values from one number up to another. */
const rainbow: readonly { readonly from: number; readonly to: number; readonly is: (colour: Colour) => boolean }[] = [
  { from: 0, to: 0.01, is: (colour) => Math.max(...colour) - Math.min(...colour) < 10 },
  { from: 0.18, to: 0.4, is: ([r, g, b]) => b > r + 20 && b > g },
  { from: 0.53, to: 0.77, is: ([r, g, b]) => g > r && g > b + 20 },
  { from: 0.85, to: 1, is: ([r, g, b]) => r > b + 20 && r > g },
];

/** On a slice, every voxel has the colour of the map's value there. */
async function expectMap(viewer: PlainViewer, { geometry }: ResultStudy, k: number): Promise<void> {
  await viewer.showSlice(geometry, k);
  const [ni, nj] = geometry.grid.dims;
  const voxels: Vec3[] = [];
  for (let j = 2; j < nj - 2; j++) for (let i = 2; i < ni - 2; i++) voxels.push([i, j, k]);
  const colours = await viewer.coloursOf(geometry, voxels);
  const heat = voxels.map((voxel) => heatAt(indexToWorld(geometry.grid, voxel)));
  const highest = Math.max(...heat);
  for (const { from, to, is } of rainbow) {
    const some = colours.filter((_, at) => heat[at]! >= from && heat[at]! < to);
    if (from >= highest) continue;
    expect(some.length).toBeGreaterThan(5);
    expect(some.filter(is).length / some.length).toBeGreaterThan(0.99);
  }
}

// Two volumes in one picture are slow to draw without a GPU.
test.use({ viewport: { width: 1100, height: 700 } });

for (const [what, modality, directions] of [
  ['an axial CT', 'CT', axial],
  ['an oblique MR', 'MR', oblique],
] as const) {
  test(`a parametric map of ${what} lies where it should in the viewer's own overlay`, async ({ page }) => {
    const folder = mkdtempSync(join(tmpdir(), 'overread-map-'));
    const study = writeSeries(join(folder, 'images'), modality, directions);
    writeResults(join(folder, 'results'), study, { heatMaps: [study.heatMap] }, { parametricMap: 'on-source-grid' });
    const site = await startPlainViewer(folder);
    const viewer = new PlainViewer(page);
    try {
      await viewer.open(site, 'viewer', study.geometry.studyInstanceUID);
      await viewer.openListed('PMAP');
      await expect(page.getByText('Loading Parametric Map')).toBeHidden();
      await page.waitForTimeout(2000);
      const middle = Math.round(worldToIndex(study.geometry.grid, nodule.centre)[2]);
      // Two more slices, at different distances: a map upside down would not pass.
      for (const k of [middle + 8, middle - 4, middle]) await expectMap(viewer, study, k);
      await viewer.shot(`viewer-map-${modality}`);
      expect(viewer.complaints).toEqual([]);
    } finally {
      await site.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
