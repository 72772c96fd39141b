import type { Vec3 } from '@overread/core/geometry';
import type { PaintJob } from './paint-queue.ts';
import { colourise, samplePlane, sampleSize } from './sample-plane.ts';
import { samePlane, type ViewPlane } from './view-plane.ts';

/** A picture of voxels. */
export interface Picture {
  readonly id: string;
  readonly voxels: Uint8Array;
  readonly dims: Vec3;
  readonly palette: Uint32Array;
  readonly edges: Uint32Array | null;
  readonly opacity: number;
  readonly plane: ViewPlane;
}

/** Rows that are painted between two looks at the clock. */
const band = 16;

/**
 * One canvas and the picture that it is to show. Its buffers are kept from one drawing to the next: scrolling allocates
 * nothing. It is in sight only while it shows that very picture: an older one would lie on another slice.
 */
export class PictureCanvas implements PaintJob {
  readonly element = document.createElement('canvas');
  readonly #insert: (element: HTMLElement) => void;
  #labels = new Uint8Array(0);
  #image: ImageData | null = null;
  #picture: Picture | null = null;
  /** Rows that are sampled and coloured. */
  #done = { sampled: 0, coloured: 0 };

  /** @param insert Puts the element on the page; called when the first picture is painted. */
  constructor(id: string, insert: (element: HTMLElement) => void) {
    this.#insert = insert;
    this.element.dataset['overreadOverlay'] = id;
    this.element.style.cssText = 'position: absolute; inset: 0; width: 100%; height: 100%';
  }

  /** Takes a picture to be shown. @returns whether it has to be painted: not where the canvas has it already. */
  take(picture: Picture): boolean {
    const before = this.#picture;
    this.#picture = picture;
    this.element.style.opacity = String(picture.opacity);
    if (before !== null && samePicture(before, picture)) return !this.#isPainted();
    this.#done = { sampled: 0, coloured: 0 };
    return true;
  }

  proceed(until: number): boolean {
    if (this.#picture === null) return true;
    const { voxels, dims, palette, edges, plane } = this.#picture;
    const size = sampleSize(plane);
    const [columns, rows] = size;
    const image = this.#imageOf(columns, rows);
    const pixels = new Uint32Array(image.data.buffer);
    const done = this.#done;
    while (done.coloured < rows) {
      if (performance.now() >= until) return false;
      // An edge is told by the rows above and below: all are sampled before any is coloured.
      if (done.sampled < rows) {
        const to = Math.min(rows, done.sampled + band);
        samplePlane(voxels, dims, plane, size, this.#labels, [done.sampled, to]);
        done.sampled = to;
      } else {
        const to = Math.min(rows, done.coloured + band);
        colourise(this.#labels, size, palette, edges, pixels, [done.coloured, to]);
        done.coloured = to;
      }
    }
    this.element.getContext('2d')?.putImageData(image, 0, 0);
    this.element.style.visibility = '';
    if (!this.element.isConnected) this.#insert(this.element);
    return true;
  }

  postpone(): void {
    this.element.style.visibility = 'hidden';
  }

  #isPainted(): boolean {
    return this.#image !== null && this.#done.coloured === this.#image.height;
  }

  #imageOf(columns: number, rows: number): ImageData {
    const before = this.#image;
    if (before?.width === columns && before.height === rows) return before;
    this.element.width = columns;
    this.element.height = rows;
    this.#labels = new Uint8Array(columns * rows);
    return (this.#image = new ImageData(columns, rows));
  }
}

function samePicture(a: Picture, b: Picture): boolean {
  return a.voxels === b.voxels && a.palette === b.palette && a.edges === b.edges && samePlane(a.plane, b.plane);
}
