import { worldToIndex, type IndexBox, type Vec3 } from '@overread/core/geometry';
import { OverreadError } from '@overread/core/errors';
import type { CornerstoneLibraries, CornerstoneViewport } from './cornerstone.ts';
import { boxSection } from './overlay/box-section.ts';
import { createLayer, type Layer, type Shape } from './overlay/layer.ts';
import { createPaintQueue, type PaintQueue } from './overlay/paint-queue.ts';
import type { Point } from './overlay/point.ts';
import type { Picture } from './overlay/picture-canvas.ts';
import { heatPalette, segmentPalette } from './overlay/palette.ts';
import { planeOnGrid, toCanvas, voxelsFromPlane, type ViewPlane } from './overlay/view-plane.ts';
import type { BoxOverlay, HeatMapOverlay, HostOverlays, LabelMapOverlay, PointOverlay } from './types.ts';
import { planeOf, watchViewports, type PlacedSeries } from './viewports.ts';

/** How the overlays find out which series a viewport shows. */
export interface SeriesPlaces {
  seriesInViewport(viewportId: string): readonly string[];
  /** Null where the series is no volume or not of this study. */
  placedSeries(seriesInstanceUID: string): PlacedSeries | null;
}

/** What the jump marks. */
interface Mark {
  readonly seriesInstanceUID: string;
  /** Voxel index in the series' grid. */
  readonly ijk: Vec3;
}

interface Entry {
  readonly overlay:
    | {
        readonly kind: 'picture';
        readonly of: LabelMapOverlay | HeatMapOverlay;
        readonly voxels: Uint8Array;
        readonly palette: Uint32Array;
        readonly edges: Uint32Array | null;
      }
    | { readonly kind: 'boxes'; readonly of: BoxOverlay }
    | { readonly kind: 'points'; readonly of: PointOverlay };
  readonly visible: boolean;
  readonly opacity: number;
}

/**
 * Overlays are drawn by ourselves above the viewer's picture, each time the viewer has drawn: they are no segmentation and
 * no measurement of the viewer, so they are in none of its lists, are saved by none of its exports, and never become
 * what the user's tools edit. They need no second copy of the voxels and no volume in the viewer.
 */
export interface DrawnOverlays extends HostOverlays {
  mark(mark: Mark | null): void;
  /** Starts watching the viewports; `stop` takes everything off the screen and forgets it. */
  start(): void;
  stop(): void;
}

const fillAlpha = 0.45;

export function createOverlays(
  cornerstone: () => CornerstoneLibraries['cornerstone'],
  places: SeriesPlaces,
): DrawnOverlays {
  const entries = new Map<string, Entry>();
  const layers = new Map<HTMLElement, Layer>();
  const queue = createPaintQueue();
  let marked: Mark | null = null;
  let watch: ReturnType<typeof watchViewports> | null = null;
  let frame: number | null = null;

  function drawIn(viewport: CornerstoneViewport): void {
    const shown = places.seriesInViewport(viewport.id);
    const planes = new Map<string, { readonly series: PlacedSeries; readonly plane: ViewPlane }>();
    for (const uid of shown) {
      const series = places.placedSeries(uid);
      const plane = series && planeOf(viewport, series);
      if (series && plane) planes.set(uid, { series, plane });
    }
    const existing = layers.get(viewport.element);
    const drawing = drawingOn(planes);
    if (existing === undefined && isEmpty(drawing)) return;
    const layer = existing ?? createLayer(viewport.element, queue);
    layers.set(viewport.element, layer);
    layer.draw(drawing);
  }

  function drawingOn(planes: ReadonlyMap<string, { readonly series: PlacedSeries; readonly plane: ViewPlane }>) {
    const pictures: Picture[] = [];
    const shapes: Shape[] = [];
    const points: Point[] = [];
    for (const [id, { overlay, visible, opacity }] of entries) {
      const place = visible ? planes.get(overlay.of.seriesInstanceUID) : undefined;
      if (place === undefined) continue;
      if (overlay.kind === 'picture') {
        const { voxels, palette, edges } = overlay;
        const plane = planeOnGrid(place.plane, place.series.geometry.grid, overlay.of.grid);
        pictures.push({ id, voxels, dims: overlay.of.grid.dims, palette, edges, opacity, plane });
      } else if (overlay.kind === 'boxes') {
        shapes.push(...shapesOf(overlay.of, place));
      } else {
        points.push(...pointsOf(overlay.of, place));
      }
    }
    return { pictures, shapes, points, mark: markOn(planes) };
  }

  function markOn(planes: ReadonlyMap<string, { readonly plane: ViewPlane }>): readonly [number, number] | null {
    const plane = marked && planes.get(marked.seriesInstanceUID)?.plane;
    if (!marked || !plane || !isOnPlane(plane, marked.ijk)) return null;
    const [x, y] = toCanvas(plane, marked.ijk);
    return [x, y];
  }

  /** Draws before the next frame, once, however many layers change until then. */
  function redraw(): void {
    frame ??= requestAnimationFrame(() => {
      frame = null;
      for (const viewport of watch?.viewports() ?? []) drawIn(viewport);
    });
  }

  function put(id: string, overlay: Entry['overlay']): void {
    const before = entries.get(id);
    entries.set(id, { overlay, visible: before?.visible ?? true, opacity: before?.opacity ?? 1 });
    redraw();
  }

  function change(id: string, part: Partial<Pick<Entry, 'visible' | 'opacity'>>): void {
    const entry = entries.get(id);
    if (entry === undefined) return;
    entries.set(id, { ...entry, ...part });
    redraw();
  }

  return {
    async showLabelMap(of) {
      checkSize(of.labels, of.grid.dims);
      const palette = segmentPalette(of.segments, fillAlpha);
      put(of.id, { kind: 'picture', of, voxels: of.labels, palette, edges: segmentPalette(of.segments, 1) });
      await drawn(queue);
    },
    async showHeatMap(of) {
      checkSize(of.levels, of.grid.dims);
      put(of.id, { kind: 'picture', of, voxels: of.levels, palette: heatPalette(), edges: null });
      await drawn(queue);
    },
    showBoxes: (of) => put(of.id, { kind: 'boxes', of }),
    showPoints: (of) => put(of.id, { kind: 'points', of }),
    setVisible: (id, visible) => change(id, { visible }),
    setOpacity: (id, opacity) => change(id, { opacity: Math.min(1, Math.max(0, opacity)) }),
    remove(id) {
      if (entries.delete(id)) redraw();
    },
    removeAll() {
      entries.clear();
      marked = null;
      redraw();
    },
    mark(mark) {
      marked = mark;
      redraw();
    },
    start() {
      watch ??= watchViewports(cornerstone(), {
        onRendered: drawIn,
        onGone(element) {
          layers.get(element)?.remove();
          layers.delete(element);
        },
      });
      redraw();
    },
    stop() {
      entries.clear();
      marked = null;
      watch?.stop();
      watch = null;
      if (frame !== null) cancelAnimationFrame(frame);
      frame = null;
      for (const layer of layers.values()) layer.remove();
      layers.clear();
    },
  };
}

function shapesOf(
  { boxes }: BoxOverlay,
  { plane, series }: { readonly plane: ViewPlane; readonly series: PlacedSeries },
): Shape[] {
  return boxes.flatMap(({ key, text, min, max, grid, colour, selected }) => {
    const [a, b] = [worldToIndex(grid, min), worldToIndex(grid, max)];
    const box: IndexBox = {
      min: [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.min(a[2], b[2])],
      max: [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.max(a[2], b[2])],
    };
    const points = boxSection(box, planeOnGrid(plane, series.geometry.grid, grid));
    return points === null ? [] : [{ key, text, colour, selected, points }];
  });
}

function pointsOf({ points }: PointOverlay, { plane }: { readonly plane: ViewPlane }): Point[] {
  return points
    .filter(({ at }) => isOnPlane(plane, at))
    .map(({ at, inside }) => {
      const [x, y] = toCanvas(plane, at);
      return { at: [x, y], inside };
    });
}

/** Whether the plane cuts the voxel. */
function isOnPlane(plane: ViewPlane, ijk: Vec3): boolean {
  return voxelsFromPlane(plane, ijk) <= 0.5 + 1e-6;
}

function isEmpty(drawing: {
  readonly pictures: readonly unknown[];
  readonly shapes: readonly unknown[];
  readonly points: readonly unknown[];
  readonly mark: unknown;
}): boolean {
  const { pictures, shapes, points, mark } = drawing;
  return pictures.length === 0 && shapes.length === 0 && points.length === 0 && mark === null;
}

function checkSize(voxels: Uint8Array, [ni, nj, nk]: Vec3): void {
  if (voxels.length === ni * nj * nk) return;
  throw new OverreadError('geometry.sample-count', {
    why: `${voxels.length} samples for ${ni} x ${nj} x ${nk} voxels`,
    details: { samples: voxels.length, voxels: ni * nj * nk },
  });
}

/** When everything is painted and on screen; a hidden tab puts nothing on screen, so there it does not wait. */
async function drawn(queue: PaintQueue): Promise<void> {
  if (document.visibilityState === 'hidden') return;
  await nextFrame();
  await queue.idle();
  await nextFrame();
}

function nextFrame(): Promise<number> {
  return new Promise(requestAnimationFrame);
}
