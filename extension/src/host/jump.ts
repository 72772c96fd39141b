import type { Vec3 } from '@overread/core/geometry';
import type { SliceReference } from '@overread/core/volume';
import { cornerstoneEvents, type CornerstoneViewport } from './cornerstone.ts';
import { toCanvas } from './overlay/view-plane.ts';
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
 * that is still loading is waited for.
 * @param isCurrent false once another jump was asked for
 */
export async function jumpIn(
  viewport: CornerstoneViewport,
  target: JumpTarget,
  isCurrent: () => boolean,
): Promise<void> {
  if (isRendering3D(viewport) || !(await showsSeries(viewport, target)) || !isCurrent()) return;
  if (isStack(viewport)) await showSlice(viewport, target);
  else moveAlongNormal(viewport, target.world);
  centreIfOutside(viewport, target);
  viewport.render();
}

/** How often and how long a viewport's next picture is waited for, ms. */
const patience = { pictures: 20, milliseconds: 3000 };

async function showsSeries(viewport: CornerstoneViewport, { series, slice }: JumpTarget): Promise<boolean> {
  const imageId = series.imageIdOf(slice);
  for (let n = 0; n < patience.pictures; n++) {
    const hasImages = viewport.getImageIds?.().includes(imageId) ?? true;
    if (hasImages && viewport.getImageData?.() !== undefined) return true;
    if (!(await nextPicture(viewport.element))) return false;
  }
  return false;
}

/** False where none came in time. */
function nextPicture(element: HTMLElement): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (came: boolean) => {
      clearTimeout(timer);
      element.removeEventListener(cornerstoneEvents.imageRendered, onPicture);
      resolve(came);
    };
    const onPicture = () => end(true);
    const timer = setTimeout(() => end(false), patience.milliseconds);
    element.addEventListener(cornerstoneEvents.imageRendered, onPicture);
  });
}

async function showSlice(viewport: CornerstoneViewport, { series, slice }: JumpTarget): Promise<void> {
  const imageId = series.imageIdOf(slice);
  const index = viewport.getImageIds?.().indexOf(imageId) ?? -1;
  if (index >= 0 && viewport.getCurrentImageId?.() !== imageId) await viewport.setImageIdIndex?.(index);
}

function moveAlongNormal(viewport: CornerstoneViewport, world: Vec3): void {
  const { focalPoint, viewPlaneNormal } = viewport.getCamera();
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
  const within = (place: number, size: number): boolean => place >= margin * size && place <= (1 - margin) * size;
  if (within(x, plane.width) && within(y, plane.height)) return;
  const [from, to] = [viewport.canvasToWorld([plane.width / 2, plane.height / 2]), viewport.canvasToWorld([x, y])];
  moveCamera(viewport, [to[0] - from[0], to[1] - from[1], to[2] - from[2]]);
}

function moveCamera(viewport: CornerstoneViewport, by: Vec3): void {
  const { focalPoint, position } = viewport.getCamera();
  if (focalPoint === undefined || position === undefined) return;
  const moved = (point: Vec3): Vec3 => [point[0] + by[0], point[1] + by[1], point[2] + by[2]];
  viewport.setCamera({ focalPoint: moved(focalPoint), position: moved(position) });
}
