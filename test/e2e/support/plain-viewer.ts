import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { indexToWorld, worldToIndex, type Vec3 } from '@overread/core/geometry';
import type { SeriesGeometry } from '@overread/core/volume';
import { startDemo } from '../../../demo/demo.ts';
import { coloursAt, onPage, viewportsReady, type Colour } from './screen.ts';
import type { ServedViewer } from './site.ts';

/** A published viewer as its makers built it, over a demo archive that holds the files of a folder. */
export async function startPlainViewer(data: string, viewer = '3.13.2'): Promise<ServedViewer> {
  const archive = mkdtempSync(join(tmpdir(), 'overread-plain-'));
  const demo = await startDemo(
    {
      viewer,
      port: 0,
      portIsFixed: true,
      data: [data],
      archive,
      phantom: false,
      server: false,
      // Nothing of ours is on the page.
      build: false,
      pacs: null,
    },
    () => undefined,
  );
  return {
    url: demo.url,
    async stop() {
      await demo.stop();
      rmSync(archive, { recursive: true, force: true });
    },
  };
}

/** What a person does with a viewer that knows nothing of us. */
export class PlainViewer {
  readonly page: Page;
  /** Errors and warnings of the console since the study was opened. */
  readonly complaints: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('pageerror', ({ message }) => this.complaints.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
  }

  /** Opens a study in one of the viewer's own modes. */
  async open({ url }: ServedViewer, mode: 'viewer' | 'basic', studyInstanceUID: string): Promise<void> {
    await this.page.route('**/app-config.js', async (route) => {
      const answer = await route.fetch();
      const body = `${await answer.text()}\nwindow.config.extensions = [];\nwindow.config.modes = [];\n`;
      await route.fulfill({ response: answer, body });
    });
    // The tour that the viewer offers everybody once.
    await this.page.addInitScript(() => localStorage.setItem('shownTours', '["basicViewerTour"]'));
    await this.page.goto(`${url}${mode}?StudyInstanceUIDs=${studyInstanceUID}`);
    await this.page.waitForFunction(() => (window as Partial<Window>).cornerstone !== undefined);
    await viewportsReady(this.page, 1);
    this.complaints.length = 0;
  }

  /** A series without a picture of its own, in the list: `SEG`, `PMAP`, `SR`. */
  listed(modality: string): Locator {
    return this.page.locator('[data-cy="study-browser-thumbnail-no-image"]', { hasText: modality });
  }

  async openListed(modality: string): Promise<void> {
    await this.listed(modality).dblclick();
    await viewportsReady(this.page, 1);
  }

  /** Answers the question that the viewer asks above the images. */
  async answerYes(question: string): Promise<void> {
    await expect(this.page.getByText(question)).toBeVisible();
    await this.page.getByRole('button', { name: 'Yes' }).click();
    await viewportsReady(this.page, 1);
  }

  /** Shows slice k of the series, whatever the viewport is. */
  async showSlice({ grid, slices }: SeriesGeometry, k: number): Promise<void> {
    const [ni, nj] = grid.dims;
    await this.page.evaluate(
      async ([uid, world]) => {
        const viewport = window.cornerstone.getEnabledElements()[0]!.viewport as unknown as {
          readonly type: string;
          getImageIds(): string[];
          setImageIdIndex(index: number): Promise<string>;
          jumpToWorld(point: Vec3): boolean;
        };
        if (viewport.type === 'stack')
          await viewport.setImageIdIndex(viewport.getImageIds().findIndex((id) => id.includes(uid)));
        else viewport.jumpToWorld(world);
      },
      [slices[k]!.sopInstanceUID, indexToWorld(grid, [(ni - 1) / 2, (nj - 1) / 2, k])] as const,
    );
    await this.page.waitForTimeout(1000);
  }

  /** Slice of the series that is on screen. */
  async shownSlice({ grid }: SeriesGeometry): Promise<number> {
    const focus = await this.page.evaluate(
      () => window.cornerstone.getEnabledElements()[0]!.viewport.getCamera().focalPoint,
    );
    return worldToIndex(grid, focus)[2];
  }

  /** Colours on screen at voxels of the series. */
  async coloursOf({ grid }: SeriesGeometry, voxels: readonly Vec3[]): Promise<readonly Colour[]> {
    const places = await this.page.evaluate(
      (points) => {
        const { viewport } = window.cornerstone.getEnabledElements()[0]!;
        const { left, top } = viewport.element.getBoundingClientRect();
        return points.map((point) => {
          const [x, y] = viewport.worldToCanvas(point);
          return [left + x, top + y] as const;
        });
      },
      voxels.map((voxel) => indexToWorld(grid, voxel)),
    );
    return coloursAt(this.page, places);
  }

  /** Where a point in patient space is on the page. */
  placeOf(world: Vec3): Promise<readonly [number, number]> {
    return onPage(this.page, world);
  }

  /** A picture for a person to judge. */
  async shot(name: string): Promise<void> {
    await this.page.screenshot({ path: join('test-results', 'screenshots', `${name}.png`) });
  }
}
