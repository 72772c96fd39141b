import { affineFromColumns, invert, transformPoint, type Vec3 } from '@overread/core/geometry';
import type { SeriesGeometry, SliceReference } from '@overread/core/volume';
import { cornerstoneEvents, type CornerstoneLibraries, type CornerstoneViewport } from './cornerstone.ts';
import { viewPlane, type ViewPlane } from './overlay/view-plane.ts';

type Cornerstone = CornerstoneLibraries['cornerstone'];

/** A series whose place in a viewport is asked for. */
export interface PlacedSeries {
  readonly geometry: SeriesGeometry;
  imageIdOf(slice: SliceReference): string;
  /** Slice of an image id of this series; undefined for any other image. */
  sliceOf(imageId: string): number | undefined;
}

/**
 * What a viewport shows of a series, or null where it shows nothing of it (other images, a 3-D rendering, still loading).
 *
 * A stack is placed by the identity of the image on screen (its slice) and by image pixels in the plane: right for tilted
 * and irregular series and for images without a place in space too. A volume viewport is placed by patient coordinates.
 */
export function planeOf(viewport: CornerstoneViewport, series: PlacedSeries): ViewPlane | null {
  const width = viewport.element.clientWidth;
  const height = viewport.element.clientHeight;
  if (width === 0 || height === 0 || isRendering3D(viewport)) return null;
  const world = (x: number, y: number): Vec3 => viewport.canvasToWorld([x, y]);
  const points = { origin: world(0, 0), right: world(width, 0), down: world(0, height) };

  if (isStack(viewport)) {
    const imageId = viewport.getCurrentImageId?.();
    const k = imageId === undefined ? undefined : series.sliceOf(imageId);
    const toPixel = k === undefined ? null : worldToPixel(viewport);
    if (k === undefined || toPixel === null) return null;
    const place = (point: Vec3): Vec3 => {
      const [i, j] = toPixel(point);
      return [i, j, k];
    };
    const corners = { origin: place(points.origin), right: place(points.right), down: place(points.down) };
    return viewPlane([width, height], corners, [0, 0, 1]);
  }

  const normal = viewport.getCamera?.().viewPlaneNormal ?? viewport.getViewReference?.()?.viewPlaneNormal;
  if (normal === undefined) return null;
  const toIndex = invert(series.geometry.grid.indexToWorld);
  const place = (point: Vec3): Vec3 => transformPoint(toIndex, point);
  const corners = { origin: place(points.origin), right: place(points.right), down: place(points.down) };
  const depthEnd = place([points.origin[0] + normal[0], points.origin[1] + normal[1], points.origin[2] + normal[2]]);
  const depth: Vec3 = [
    depthEnd[0] - corners.origin[0],
    depthEnd[1] - corners.origin[1],
    depthEnd[2] - corners.origin[2],
  ];
  return viewPlane([width, height], corners, depth);
}

export function isStack(viewport: CornerstoneViewport): boolean {
  return viewport.type === 'stack' || viewport.getCurrentMode?.() === 'stack';
}

export function isRendering3D(viewport: CornerstoneViewport): boolean {
  return viewport.type === 'volume3d' || viewport.getCurrentMode?.() === 'volume3d';
}

/** World (as the viewport places its image) to pixel of the image on screen: column, row, 0-based. */
function worldToPixel(viewport: CornerstoneViewport): ((world: Vec3) => Vec3) | null {
  const data = viewport.getImageData?.();
  if (data === undefined) return null;
  const { origin, spacing, direction: d } = data;
  const axis = (n: 0 | 1 | 2): Vec3 => [d[3 * n]! * spacing[n], d[3 * n + 1]! * spacing[n], d[3 * n + 2]! * spacing[n]];
  const toPixel = invert(affineFromColumns(axis(0), axis(1), axis(2), origin));
  return (world) => transformPoint(toPixel, world);
}

/** Tells of every picture that any of the viewer's viewports draws, and of viewports that go. */
export function watchViewports(
  cornerstone: Cornerstone,
  listener: { onRendered(viewport: CornerstoneViewport): void; onGone(element: HTMLElement): void },
): { viewports(): readonly CornerstoneViewport[]; stop(): void } {
  const { eventTarget } = cornerstone;
  const watched = new Set<HTMLElement>();

  const onRendered = (event: Event): void => {
    const element = event.currentTarget as HTMLDivElement;
    const viewport = cornerstone.getEnabledElement(element)?.viewport;
    if (viewport !== undefined) listener.onRendered(viewport);
  };
  const watch = (element: HTMLElement | undefined): void => {
    if (element === undefined || watched.has(element)) return;
    watched.add(element);
    element.addEventListener(cornerstoneEvents.imageRendered, onRendered);
  };
  const forget = (element: HTMLElement | undefined): void => {
    if (element === undefined || !watched.delete(element)) return;
    element.removeEventListener(cornerstoneEvents.imageRendered, onRendered);
    listener.onGone(element);
  };
  const elementOf = (event: Event): HTMLElement | undefined =>
    (event as CustomEvent<{ element?: HTMLElement } | null>).detail?.element;
  const onEnabled = (event: Event): void => watch(elementOf(event));
  const onDisabled = (event: Event): void => forget(elementOf(event));

  eventTarget.addEventListener(cornerstoneEvents.elementEnabled, onEnabled);
  eventTarget.addEventListener(cornerstoneEvents.elementDisabled, onDisabled);
  for (const { viewport } of cornerstone.getEnabledElements()) watch(viewport.element);

  return {
    viewports: () => cornerstone.getEnabledElements().map(({ viewport }) => viewport),
    stop() {
      eventTarget.removeEventListener(cornerstoneEvents.elementEnabled, onEnabled);
      eventTarget.removeEventListener(cornerstoneEvents.elementDisabled, onDisabled);
      for (const element of [...watched]) forget(element);
    },
  };
}
