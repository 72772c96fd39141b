import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { itemsOf, readPart10, textOf } from '@overread/core/dicom';
import { decodeResults } from '@overread/core/results';
import { discRadius } from '../support/prompt-model.ts';
import { fetchInstance, storedResults } from './support/dicomweb.ts';
import { clickAt, dragBetween, marksAnswered, viewOf } from './support/marking.ts';
import {
  answerInNode,
  expectOnScreen,
  geometryOf,
  grid,
  markedAt,
  middle,
  openStudy,
  showSlice,
  sliceShown,
  startMarking,
  voxel,
  writeMarkingStudy,
} from './support/marking-study.ts';
import { startReadingSite, type ReadingSite } from './support/reading.ts';
import type { ThoraxStudy } from './support/thorax-study.ts';

let folder: string;
let study: ThoraxStudy;

test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'overread-marking-'));
  study = writeMarkingStudy(folder);
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

for (const viewer of ['3.13.2', '3.11.1', '3.14.0-beta.6']) {
  test.describe(`viewer ${viewer}`, () => {
    let site: ReadingSite;
    test.beforeAll(async () => {
      test.setTimeout(240_000);
      site = await startReadingSite({ viewer, data: [folder] });
    });
    test.afterAll(() => site.stop());

    test('things are marked, kept, reviewed and stored, and the viewer’s tools are what they were', async ({
      page,
    }) => {
      const panel = await openStudy(page, site, study);
      const k = await showSlice(page, 40);
      await startMarking(page, panel);
      const before = await viewOf(page);

      // A click marks the tissue round it as far as the disc reaches, and no lung.
      await clickAt(page, voxel(middle[0], middle[1], k));
      await expect(page.locator('[data-overread-point="inside"]')).toHaveCount(1);
      await expect(panel.panel).toContainText('1 mark on 1 slice');
      const at = (slice: number) => [middle[0], middle[1], slice] as const;
      const onSlice = (slice: number) => ({ points: [{ at: at(slice), inside: true }], box: null, refine: false });
      const answer = await answerInNode(onSlice(k));
      await expectOnScreen(page, answer, k, middle);
      const [above, below] = [voxel(middle[0] + 1, middle[1] - 4, k), voxel(middle[0] + 1, middle[1] + 4, k)];
      const lung = voxel(middle[0] + 12, middle[1], k);
      const beyond = voxel(middle[0] + 1, middle[1] + discRadius + 3, k);
      await expect.poll(() => markedAt(page, [above, below, lung, beyond])).toEqual([true, true, false, false]);
      await panel.shot(`marking-point-${viewer}`);

      // What is outside leaves; Backspace brings it back.
      await clickAt(page, voxel(middle[0], middle[1] + 8, k), { key: 'Control' });
      await expect(page.locator('[data-overread-point="outside"]')).toHaveCount(1);
      await expect.poll(() => markedAt(page, [above, below])).toEqual([true, false]);
      await panel.shot(`marking-outside-${viewer}`);
      await page.keyboard.press('Backspace');
      await expect.poll(() => markedAt(page, [above, below])).toEqual([true, true]);
      await expect(page.locator('[data-overread-point]')).toHaveCount(1);

      // The same thing on the next slice, reached by the viewer's wheel.
      await page.mouse.wheel(0, 100);
      await expect.poll(() => sliceShown(page)).not.toBe(k);
      const next = await sliceShown(page);
      await expect(page.locator('[data-overread-point]')).toHaveCount(0);
      await clickAt(page, voxel(middle[0], middle[1], next));
      await expect(panel.panel).toContainText('2 marks on 2 slices');
      await marksAnswered(page);
      await panel.panel.getByRole('button', { name: 'Keep this one and mark another' }).click();
      await expect(panel.panel).toContainText('1 kept');

      // A box round tissue at the back.
      await dragBetween(page, voxel(40, 60, next), voxel(60, 66, next));
      const [inBox, besideBox] = [voxel(50, 61, next), voxel(50, 57, next)];
      await expect.poll(() => markedAt(page, [inBox, besideBox])).toEqual([true, false]);
      await panel.shot(`marking-box-${viewer}`);
      expect((await viewOf(page)).split(',').slice(0, 3)).toEqual(before.split(',').slice(0, 3));

      await marksAnswered(page);
      await panel.panel.getByRole('button', { name: 'Done: 2 findings' }).click();
      await expect(panel.findings).toHaveCount(2);
      await expect(panel.panel).toContainText('Made from marks that a reader set in the images');
      await expect(page.locator('[data-overread-point]')).toHaveCount(0);
      await panel.shot(`marking-result-${viewer}`);

      // The left button is the viewer's again: it changes the window.
      const done = await viewOf(page);
      await dragBetween(page, voxel(30, 36, next), voxel(40, 50, next));
      await expect.poll(() => viewOf(page)).not.toBe(done);
      expect(await page.evaluate(() => document.querySelectorAll('.overread-marking').length)).toBe(0);

      await panel.panel.getByRole('button', { name: 'Accept Marked 1' }).click();
      await panel.save();
      const stored = await storedResults(site.dicomWeb, study.studyInstanceUID);
      expect(stored.map(({ modality }) => modality).sort()).toEqual(['SEG', 'SR']);
      const seg = stored.find(({ modality }) => modality === 'SEG')!;
      const { dataset } = readPart10(await fetchInstance(site.dicomWeb, seg));
      const segments = itemsOf(dataset, 'SegmentSequence');
      expect(segments.map((segment) => textOf(segment, 'SegmentAlgorithmType'))).toEqual(
        segments.map(() => 'SEMIAUTOMATIC'),
      );
      expect(segments.map((segment) => textOf(segment, 'SegmentLabel'))).toEqual(['Marked 1', 'Marked 2']);

      // What is stored is what was on screen, on both slices.
      const objects = await Promise.all(stored.map((one) => fetchInstance(site.dicomWeb, one)));
      const { analyses, problems } = decodeResults(objects, await geometryOf(page));
      expect(problems).toEqual([]);
      const {
        labelMaps: [labelMap],
        findings,
      } = analyses[0]!.analysis;
      const [ni, nj] = grid.dims;
      const first = new Set<string>();
      labelMap!.labels.forEach((label, n) => {
        if (label === 1) first.add([n % ni, Math.floor(n / ni) % nj, Math.floor(n / (ni * nj))].join());
      });
      expect(first).toEqual(new Set([...answer, ...(await answerInNode(onSlice(next)))]));
      expect(findings.map(({ review }) => review.state)).toEqual(['accepted', 'unreviewed']);
    });
  });
}
