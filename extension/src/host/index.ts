import { transformPoint, worldToIndex, type Vec3 } from '@overread/core/geometry';
import { createArchive } from './archive.ts';
import { jumpIn, watchInput } from './jump.ts';
import { watchMarks, type MarkableView } from './marks.ts';
import { createOverlays } from './overlays.ts';
import { readVolume } from './read-volume.ts';
import { seriesImages } from './series-images.ts';
import { watchStudy } from './study.ts';
import type { Host } from './types.ts';
import { authorizationHeader, userName } from './user.ts';
import { cornerstoneEvents } from './cornerstone.ts';
import { nextEvent } from './next-event.ts';
import { cornerstoneOf, type Managers } from './viewer.ts';
import { planeOf } from './viewports.ts';

/** The host as the extension drives it: awake while a mode with our panel is on screen. */
export type LiveHost = Host & { enter(): void; leave(): void };

type Images = ReturnType<typeof seriesImages>;

/** The one door to the viewer. */
export function createHost(managers: Managers): LiveHost {
  const { viewportGridService, hangingProtocolService, uiNotificationService } = managers.servicesManager.services;
  const study = watchStudy(managers);
  const placed = new Map<string, { readonly instances: number; readonly images: Images | null }>();
  const cornerstone = () => cornerstoneOf(managers).cornerstone;
  let jumps = 0;
  let stopMarks: () => void = () => undefined;

  /** Kept per series, since every drawing asks; made anew when the viewer has learnt of more of its instances. */
  function placedSeries(seriesInstanceUID: string): Images | null {
    const instances = study.instancesOf(seriesInstanceUID);
    const before = placed.get(seriesInstanceUID);
    if (before?.instances === instances.length) return before.images;
    const images = imagesOrNull(seriesInstanceUID);
    placed.set(seriesInstanceUID, { instances: instances.length, images });
    return images;
  }

  function imagesOf(seriesInstanceUID: string): Images {
    const dataSource = managers.extensionManager.getActiveDataSource()[0];
    if (dataSource === undefined) throw new Error('the viewer has no data source');
    return seriesImages(seriesInstanceUID, study.instancesOf(seriesInstanceUID), dataSource);
  }

  function imagesOrNull(seriesInstanceUID: string): Images | null {
    try {
      return imagesOf(seriesInstanceUID);
    } catch {
      // Not a volume: nothing of ours can lie on it, and the list of series says why.
      return null;
    }
  }

  const overlays = createOverlays(cornerstone, { seriesInViewport: (id) => study.seriesInViewport(id), placedSeries });
  const viewportsShowing = (seriesInstanceUID: string) =>
    cornerstone()
      .getEnabledElements()
      .map(({ viewport }) => viewport)
      .filter((viewport) => study.seriesInViewport(viewport.id).includes(seriesInstanceUID));

  /** The viewport that an event is for, where it shows slices of the series. */
  function viewUnder(target: Node, seriesInstanceUID: string): MarkableView | null {
    const series = placedSeries(seriesInstanceUID);
    const viewport = viewportsShowing(seriesInstanceUID).find(({ element }) => element.contains(target));
    if (series === null || viewport === undefined || planeOf(viewport, series) === null) return null;
    return {
      element: viewport.element,
      // Asked for anew each time: the view may have been moved on since.
      indexAt(x, y) {
        const plane = planeOf(viewport, series);
        return plane && transformPoint(plane.toIndex, [x, y, 0]);
      },
    };
  }

  /** Hangs the series into the active viewport; resolves when the viewport says that its images are there. */
  async function hang(seriesInstanceUID: string, sopInstanceUID: string | undefined): Promise<void> {
    const viewportId = study.activeViewportId();
    const sets = study.displaySetsOf(seriesInstanceUID);
    const set =
      sets.find((one) => one.instances?.some((instance) => instance['SOPInstanceUID'] === sopInstanceUID)) ?? sets[0];
    if (viewportId === null || set === undefined) return;
    const ready = whenGridChanges(viewportGridService);
    viewportGridService.setDisplaySetsForViewports(
      hangingProtocolService.getViewportsRequireUpdate?.(viewportId, set.displaySetInstanceUID) ?? [
        { viewportId, displaySetInstanceUIDs: [set.displaySetInstanceUID] },
      ],
    );
    await ready;
  }

  return {
    currentStudy: () => study.currentStudy(),
    listSeries: () => study.listSeries(),
    activeSeries: () => study.activeSeries(),
    subscribe: (listener) => study.subscribe(listener),
    readVolume: (seriesInstanceUID, options) => readVolume(cornerstone(), imagesOf(seriesInstanceUID), options),
    overlays,
    jumpTo({ seriesInstanceUID, world, slice }) {
      const series = placedSeries(seriesInstanceUID);
      if (series === null) return;
      const ijk = worldToIndex(series.geometry.grid, world);
      const nearest = series.geometry.slices[clampIndex(ijk[2], series.geometry.slices.length)];
      const shown = slice ?? nearest;
      if (shown === undefined) return;
      const target = { series, ijk, world, slice: shown };
      overlays.mark({ seriesInstanceUID, ijk });
      const jump = ++jumps;
      const input = watchInput();
      const isCurrent = () => jump === jumps && !input.hasActed();
      void (async () => {
        if (!study.isHung(seriesInstanceUID)) await hang(seriesInstanceUID, shown.sopInstanceUID);
        // Hung, but its viewport may not be there yet: the study has just been opened.
        for (let n = 0; n < 10 && isCurrent() && viewportsShowing(seriesInstanceUID).length === 0; n++)
          await nextEvent(cornerstone().eventTarget, cornerstoneEvents.elementEnabled, 500);
        await Promise.all(viewportsShowing(seriesInstanceUID).map((viewport) => jumpIn(viewport, target, isCurrent)));
      })()
        .catch(reportError)
        .finally(input.stop);
    },
    takeMarks(seriesInstanceUID, onGesture) {
      stopMarks();
      // Where the last jump went is not what is looked for now.
      overlays.mark(null);
      return (stopMarks = watchMarks((target) => viewUnder(target, seriesInstanceUID), onGesture));
    },
    archive: createArchive(managers, (seriesUID) => study.instancesOf(seriesUID)),
    notify: (note) => void uiNotificationService.show({ ...note, duration: note.type === 'error' ? 10_000 : 5_000 }),
    userName: () => userName(managers),
    authorizationHeader: () => authorizationHeader(managers),

    enter() {
      overlays.start();
      study.enter();
    },
    leave() {
      jumps++;
      stopMarks();
      overlays.stop();
      placed.clear();
      study.leave();
    },
  };
}

function clampIndex(k: Vec3[2], count: number): number {
  return Math.min(count - 1, Math.max(0, Math.round(k)));
}

/** The viewer's grid says when it changed, not when the images are up: two drawings later they are, or are loading. */
function whenGridChanges(grid: Managers['servicesManager']['services']['viewportGridService']): Promise<void> {
  return new Promise((resolve) => {
    const event = grid.EVENTS['GRID_STATE_CHANGED'];
    if (event === undefined) {
      resolve();
      return;
    }
    const subscription = grid.subscribe(event, () => {
      subscription.unsubscribe();
      requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
    });
  });
}
