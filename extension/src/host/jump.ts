import type { Vec3 } from '@overread/core/geometry';
import type { SliceReference } from '@overread/core/volume';
import { cornerstoneEvents, type CornerstoneViewport } from './cornerstone.ts';
import { nextEvent } from './next-event.ts';
import { toCanvas, voxelsFromPlane } from './overlay/view-plane.ts';
import { isRendering3D, isStack, planeOf, type PlacedSeries } from './viewports.ts';

export interface JumpTarget {
  readonly series: PlacedSeries;
  /** Voxel index in the grid of the series. */
  readonly ijk: Vec3;
  readonly world: Vec3;
  readonly slice: SliceReference;
}

/** Share of the viewport's size at each edge where a place counts as out of sight: there the view is moved. */
const margin = 0.1;

/**
 * Brings a place into a viewport: its slice, and the view moved within the plane where it would lie outside. A viewport
 * that is still loading is waited for; one that the viewer's hanging protocol sets back a moment later is brought there
 * again.
 * @param isCurrent false once the person has done something else, or another jump was asked for
 */
export async function jumpIn(
  viewport: CornerstoneViewport,
  target: JumpTarget,
  isCurrent: () => boolean,
): Promise<void> {
  if (isRendering3D(viewport)) return;
  const settled = performance.now() + patience.settling;
  while (isCurrent() && (await showsSeries(viewport, target)) && isCurrent()) {
    if (!isInView(viewport, target)) await bring(viewport, target);
    const rest = settled - performance.now();
    if (rest <= 0 || !(await nextPicture(viewport.element, rest))) return;
  }
}

async function bring(viewport: CornerstoneViewport, target: JumpTarget): Promise<void> {
  if (isStack(viewport)) await showSlice(viewport, target);
  else moveAlongNormal(viewport, target.world);
  centreIfOutside(viewport, target);
  viewport.render();
}

/** How long a viewport's next picture is waited for, how often, and how long the viewer may change its mind, ms. */
const patience = { picture: 3000, pictures: 20, settling: 2000 };

function isInView(viewport: CornerstoneViewport, { series, ijk }: JumpTarget): boolean {
  const plane = planeOf(viewport, series);
  if (plane === null || voxelsFromPlane(plane, ijk) > 0.5) return false;
  const [x, y] = toCanvas(plane, ijk);
  return isWellWithin(x, plane.width) && isWellWithin(y, plane.height);
}

function isWellWithin(place: number, size: number): boolean {
  return place >= margin * size && place <= (1 - margin) * size;
}

async function showsSeries(viewport: CornerstoneViewport, { series, slice }: JumpTarget): Promise<boolean> {
  const imageId = series.imageIdOf(slice);
  for (let n = 0; n < patience.pictures; n++) {
    const hasImages = viewport.getImageIds?.().includes(imageId) ?? true;
    if (hasImages && viewport.getImageData?.() !== undefined) return true;
    if (!(await nextPicture(viewport.element, patience.picture))) return false;
  }
  return false;
}

function nextPicture(element: HTMLElement, milliseconds: number): Promise<boolean> {
  return nextEvent(element, cornerstoneEvents.imageRendered, milliseconds);
}

async function showSlice(viewport: CornerstoneViewport, { series, slice }: JumpTarget): Promise<void> {
  const imageId = series.imageIdOf(slice);
  const index = viewport.getImageIds?.().indexOf(imageId) ?? -1;
  if (index >= 0 && viewport.getCurrentImageId?.() !== imageId) await viewport.setImageIdIndex?.(index);
}

function moveAlongNormal(viewport: CornerstoneViewport, world: Vec3): void {
  const { focalPoint, viewPlaneNormal } = viewport.getCamera?.() ?? {};
  if (focalPoint === undefined || viewPlaneNormal === undefined) return;
  const away =
    (world[0] - focalPoint[0]) * viewPlaneNormal[0] +
    (world[1] - focalPoint[1]) * viewPlaneNormal[1] +
    (world[2] - focalPoint[2]) * viewPlaneNormal[2];
  moveCamera(viewport, [viewPlaneNormal[0] * away, viewPlaneNormal[1] * away, viewPlaneNormal[2] * away]);
}

function centreIfOutside(viewport: CornerstoneViewport, { series, ijk }: JumpTarget): void {
  const plane = planeOf(viewport, series);
  if (plane === null) return;
  const [x, y] = toCanvas(plane, ijk);
  if (isWellWithin(x, plane.width) && isWellWithin(y, plane.height)) return;
  const [from, to] = [viewport.canvasToWorld([plane.width / 2, plane.height / 2]), viewport.canvasToWorld([x, y])];
  moveCamera(viewport, [to[0] - from[0], to[1] - from[1], to[2] - from[2]]);
}

function moveCamera(viewport: CornerstoneViewport, by: Vec3): void {
  const { focalPoint, position } = viewport.getCamera?.() ?? {};
  if (focalPoint === undefined || position === undefined) return;
  const moved = (point: Vec3): Vec3 => [point[0] + by[0], point[1] + by[1], point[2] + by[2]];
  viewport.setCamera?.({ focalPoint: moved(focalPoint), position: moved(position) });
}

/** Tells whether the person has used mouse, wheel, touch or keyboard since; `stop` ends the listening. */
export function watchInput(): { readonly hasActed: () => boolean; readonly stop: () => void } {
  let acted = false;
  const events = ['pointerdown', 'wheel', 'keydown'] as const;
  const stop = (): void => {
    for (const event of events) removeEventListener(event, onInput, { capture: true });
  };
  const onInput = (): void => {
    acted = true;
    stop();
  };
  for (const event of events) addEventListener(event, onInput, { capture: true, passive: true });
  return { hasActed: () => acted, stop };
}
