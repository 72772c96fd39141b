import type { Page } from '@playwright/test';
import type { Vec3 } from '@overread/core/geometry';

/** The viewer's own Cornerstone, which it puts on the page: what says independently of us where a place is on screen. */
interface Viewport {
  readonly id: string;
  readonly type: string;
  readonly element: HTMLElement;
  worldToCanvas(world: Vec3): readonly [number, number];
  getCamera(): { viewPlaneNormal: Vec3; focalPoint: Vec3 };
}
declare global {
  interface Window {
    readonly cornerstone: { getEnabledElements(): readonly { viewport: Viewport }[] };
    readonly commandsManager: { runCommand(name: string, options?: object, context?: string): unknown };
    readonly services: Readonly<Record<string, Readonly<Record<string, (...values: unknown[]) => unknown>>>>;
  }
}

export type Colour = readonly [red: number, green: number, blue: number];

/** Where a point in space is on the page, by the viewer's own reckoning, in its nth viewport. */
export async function onPage(page: Page, world: Vec3, viewport = 0): Promise<readonly [number, number]> {
  return (await allOnPage(page, [world], viewport))[0]!;
}

/** The same of many points at once. */
export async function allOnPage(
  page: Page,
  world: readonly Vec3[],
  viewport = 0,
): Promise<readonly (readonly [number, number])[]> {
  return page.evaluate(
    ([points, index]) => {
      const shown = window.cornerstone.getEnabledElements()[index]!.viewport;
      const { left, top } = shown.element.getBoundingClientRect();
      return points.map((point) => {
        const [x, y] = shown.worldToCanvas(point);
        return [left + x, top + y] as const;
      });
    },
    [world, viewport] as const,
  );
}

/** Colours on screen at places of the page. */
export async function coloursAt(
  page: Page,
  places: readonly (readonly [number, number])[],
): Promise<readonly Colour[]> {
  const picture = (await page.screenshot()).toString('base64');
  return page.evaluate(
    async ([base64, points]) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
      context.drawImage(image, 0, 0);
      const { data, width } = context.getImageData(0, 0, image.width, image.height);
      return points.map(([x, y]): [number, number, number] => {
        const at = 4 * (Math.round(x) + width * Math.round(y));
        return [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
      });
    },
    [picture, places] as const,
  );
}

/** Waits until the viewer shows that many viewports with images, and they have stopped moving. */
export async function viewportsReady(page: Page, count: number): Promise<void> {
  await page.waitForFunction((wanted) => {
    const shown = window.cornerstone.getEnabledElements();
    return shown.length === wanted && shown.every(({ viewport }) => viewport.element.clientWidth > 0);
  }, count);
  await page.waitForTimeout(1500);
}
