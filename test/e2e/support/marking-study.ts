import { expect, type Page } from '@playwright/test';
import { boxSize, indexToWorld, mapAxes, type Vec3 } from '@overread/core/geometry';
import { PromptSession, type Prompt } from '@overread/core/pipeline';
import type { SeriesGeometry } from '@overread/core/volume';
import { nodeRuntime } from '../../../inference-server/src/inference/node-runtime.ts';
import { thorax } from '../../support/thorax.ts';
import { markingModel, marksAnswered, offerModel } from './marking.ts';
import { PanelOnPage, type ReadingSite } from './reading.ts';
import { allOnPage, coloursAt, onPage } from './screen.ts';
import { exposeHost } from './site.ts';
import { writeThoraxStudy, type ThoraxStudy } from './thorax-study.ts';

// A chest CT and a promptable model for it, whose answers are known without the viewer.

export const title = 'Mark anything';
const nodule: Vec3 = [-62, 10, 0];
export const { grid } = thorax();
const model = markingModel(grid.dims[0], grid.dims[1], title);
const selfTestShape = [1, 1, 2 * Math.ceil(grid.dims[1] / 2), 2 * Math.ceil(grid.dims[0] / 2)];

/** Two series of one patient. */
export function writeMarkingStudy(folder: string): ThoraxStudy {
  const series = [{ description: 'Whole' }, { description: 'Again' }];
  return writeThoraxStudy(folder, { accession: 'THORAX-9', date: '20260203', nodule, series });
}

/** A study in the mode, with the model among those that the site offers. */
export async function openStudy(
  page: Page,
  site: ReadingSite,
  { studyInstanceUID }: ThoraxStudy,
  query = '',
): Promise<PanelOnPage> {
  await exposeHost(page);
  await offerModel(page, model, selfTestShape);
  await page.goto(`${site.url}ai-reading?StudyInstanceUIDs=${studyInstanceUID}${query}`);
  const panel = new PanelOnPage(page);
  await expect(panel.panel.getByRole('button', { name: `Mark with ${title}` })).toBeVisible({ timeout: 60_000 });
  await page.waitForFunction(() => {
    const viewport = window.cornerstone.getEnabledElements()[0]?.viewport;
    return (viewport as unknown as { getImageData(): unknown } | undefined)?.getImageData() !== undefined;
  });
  return panel;
}

/** Opens the tool. */
export async function startMarking(page: Page, panel: PanelOnPage): Promise<void> {
  await panel.panel.getByRole('button', { name: `Mark with ${title}` }).click();
  await marksAnswered(page);
}

/** Brings the stack to one of its images, by the viewer's own means; answers the slice of the volume. */
export async function showSlice(page: Page, index: number): Promise<number> {
  await expect(async () => {
    await page.evaluate(async (n) => {
      const stack = window.cornerstone.getEnabledElements()[0]!.viewport as unknown as Stack;
      await stack.setImageIdIndex(n);
    }, index);
    // The viewer's hanging protocol may set a fresh viewport back to its first image.
    await page.waitForTimeout(500);
    const shown = await page.evaluate(() => {
      const stack = window.cornerstone.getEnabledElements()[0]!.viewport as unknown as Stack;
      return stack.getCurrentImageIdIndex();
    });
    expect(shown).toBe(index);
  }).toPass({ timeout: 30_000 });
  return sliceShown(page);
}

interface Stack {
  setImageIdIndex(index: number): Promise<string>;
  getCurrentImageIdIndex(): number;
}

/** The series on screen as the viewer tells it to our door. */
export async function geometryOf(page: Page): Promise<SeriesGeometry> {
  const series = await page.evaluate(() => {
    const { host } = globalThis.overread;
    return host.listSeries().find(({ seriesInstanceUID }) => seriesInstanceUID === host.activeSeries())!;
  });
  if (!series.geometry.ok) throw new Error(series.geometry.reason);
  return series.geometry.value;
}

export async function sliceShown(page: Page): Promise<number> {
  const z = await page.evaluate(() => {
    const { viewport } = window.cornerstone.getEnabledElements()[0]!;
    return (viewport as unknown as { canvasToWorld(point: readonly [number, number]): Vec3 }).canvasToWorld([0, 0])[2];
  });
  return Math.round((z - indexToWorld(grid, [0, 0, 0])[2]) / 3);
}

/** Voxels that the model marks for a prompt, asked in Node, as `i,j,k`. */
export async function answerInNode(prompt: Prompt): Promise<ReadonlySet<string>> {
  const volume = thorax({ balls: [{ centre: nodule, radius: 7 }] });
  const session = await PromptSession.open({ model, volume }, nodeRuntime(1));
  const mask = await session.decode(prompt);
  await session.release();
  if (mask === null) throw new Error('The model marks nothing.');
  const { box, bits } = mask;
  const [ni, nj] = boxSize(box);
  const inside = [...bits].flatMap((bit, n) => {
    const at = [n % ni, Math.floor(n / ni) % nj, Math.floor(n / (ni * nj))] as const;
    return bit === 1 ? [mapAxes((axis) => at[axis] + box.min[axis]).join()] : [];
  });
  return new Set(inside);
}

/** Every voxel of a part of the slice is marked on screen where Node says so, and nowhere else. */
export async function expectOnScreen(
  page: Page,
  marked: ReadonlySet<string>,
  k: number,
  point: readonly [number, number],
) {
  const voxels: Vec3[] = [];
  for (let j = 22; j < 52; j++)
    for (let i = 34; i < 66; i++)
      // Where the mark itself is drawn it hides what is below.
      if (Math.hypot(i - point[0], j - point[1]) > 1.5) voxels.push([i, j, k]);
  const places = await allOnPage(page, voxels.map((ijk) => indexToWorld(grid, ijk))); // prettier-ignore
  const wrong = async () =>
    (await coloursAt(page, places)).flatMap((colour, n) =>
      isMarked(colour) === marked.has(voxels[n]!.join()) ? [] : [voxels[n]!.join()],
    );
  await expect.poll(wrong).toEqual([]);
  expect(voxels.filter((ijk) => marked.has(ijk.join())).length).toBeGreaterThan(40);
}

export const voxel = (i: number, j: number, k: number): Vec3 => indexToWorld(grid, [i, j, k]);
/** The colour of the thing at hand over any grey. */
const isMarked = ([red, , blue]: readonly number[]): boolean => blue! - red! > 30;

export async function markedAt(page: Page, places: readonly Vec3[], viewport = 0): Promise<readonly boolean[]> {
  const onScreen = [];
  for (const place of places) onScreen.push(await onPage(page, place, viewport));
  return (await coloursAt(page, onScreen)).map(isMarked);
}

/** Between the lungs: tissue in a strip that both sides end. Voxels of the slice through the middle. */
export const middle = [49.5, 36] as const;
