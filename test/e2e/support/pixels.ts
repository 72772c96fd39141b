import type { Page } from '@playwright/test';
import type { Vec3 } from '@overread/core/geometry';

/** The viewer puts its Cornerstone on the page; as far as the tests look. */
interface Viewport {
  readonly canvas: HTMLCanvasElement;
  canvasToWorld(point: [number, number]): [number, number, number];
  render(): void;
}
declare global {
  var cornerstone: { getEnabledElements(): readonly { readonly viewport: Viewport }[] };
}

/** One sampled place of a viewport: where it is, and what colour is on screen there. */
export interface Sample {
  readonly world: Vec3;
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

/**
 * Colours of the first viewport on a lattice of `step` canvas pixels, with the place of each in LPS mm:
 * what the reader sees, not what we meant to draw.
 */
export async function sampleViewport(page: Page, step: number): Promise<readonly Sample[]> {
  return page.evaluate((every) => {
    const viewport = globalThis.cornerstone.getEnabledElements()[0]!.viewport;
    const { width, height } = viewport.canvas;
    const copy = document.createElement('canvas');
    copy.width = width;
    copy.height = height;
    const context = copy.getContext('2d')!;
    context.drawImage(viewport.canvas, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const scale = width / viewport.canvas.clientWidth;
    const samples: Sample[] = [];
    for (let y = every; y < height - every; y += every) {
      for (let x = every; x < width - every; x += every) {
        const at = 4 * (y * width + x);
        const world = viewport.canvasToWorld([(x + 0.5) / scale, (y + 0.5) / scale]);
        samples.push({ world, red: data[at]!, green: data[at + 1]!, blue: data[at + 2]! });
      }
    }
    return samples;
  }, step);
}

/** How far a colour is from grey: images are grey, overlays are not. */
export function chroma({ red, green, blue }: Sample): number {
  return Math.max(red, green, blue) - Math.min(red, green, blue);
}
