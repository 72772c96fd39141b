import type { Analysis, HeatMap } from '@overread/core/analysis';
import type { HostOverlays } from '../host/types.ts';
import { boxOverlay, labelMapOverlays, overlayIds, type LayerId } from './layers.ts';

export interface Presentation {
  readonly analysis: Analysis;
  /** Which of its heat maps is drawn: one at a time. */
  readonly heatMap: number;
  /** Tracking UID of the marked finding, or null. */
  readonly selected: string | null;
  readonly layers: Readonly<Record<LayerId, { readonly visible: boolean; readonly opacity: number }>>;
}

export interface Presenter {
  /**
   * Brings the viewports to what is asked for: one result per study, each drawn on its own images. Only what changed is
   * drawn again.
   */
  show(next: readonly Presentation[]): void;
}

/** @param onError A layer could not be drawn; the others stay. */
export function createPresenter(overlays: HostOverlays, onError: (error: unknown) => void): Presenter {
  const byStudy = new Map<string, StudyPresenter>();
  return {
    show(next) {
      const wanted = new Map(next.map((one) => [one.analysis.source.studyInstanceUID, one]));
      for (const [study, presenter] of byStudy) {
        if (wanted.has(study)) continue;
        presenter.show(null);
        byStudy.delete(study);
      }
      for (const [study, presentation] of wanted) {
        const presenter = byStudy.get(study) ?? createStudyPresenter(overlays, onError);
        byStudy.set(study, presenter);
        presenter.show(presentation);
      }
    },
  };
}

interface StudyPresenter {
  /** null clears what was drawn. */
  show(next: Presentation | null): void;
}

/**
 * Draws one result at a time. Masks and heat maps are handed to the viewer once and then only switched; boxes are
 * drawn again with each decision and selection. Whoever ends a drawing takes away what it has handed over: it does not
 * itself, for what is there by then may be the next one's.
 */
function createStudyPresenter(overlays: HostOverlays, onError: (error: unknown) => void): StudyPresenter {
  let shown: Presentation | null = null;
  let drawing = new AbortController();
  let drawingMap = new AbortController();

  const begin = async (next: Presentation) => {
    const { signal } = (drawing = new AbortController());
    const map = (drawingMap = new AbortController());
    await told(drawMask(next.analysis, signal), signal);
    if (!map.signal.aborted) await told(drawHeatMap(next, map.signal), map.signal);
  };

  const told = async (work: Promise<void>, signal: AbortSignal) => {
    try {
      await work;
    } catch (error) {
      if (!signal.aborted) onError(error);
    }
  };

  const drawMask = async (analysis: Analysis, signal: AbortSignal) => {
    for (const mask of labelMapOverlays(analysis)) {
      await overlays.showLabelMap(mask);
      if (signal.aborted) return;
      settle('mask', null);
    }
  };

  const drawHeatMap = async ({ analysis, heatMap }: Presentation, signal: AbortSignal) => {
    const { model, source, heatMaps } = analysis;
    const map = heatMaps[heatMap];
    if (map === undefined) return;
    // Fetched with the first map: many results have none.
    const { heatMapLevels } = await import('./heat-levels.ts');
    const levels = await heatMapLevels(map, source.grid, signal);
    const [id] = overlayIds(analysis, 'heatMap');
    if (levels === null || id === undefined || signal.aborted) return;
    const { grid, seriesInstanceUID } = source;
    await overlays.showHeatMap({ id, label: model.title, seriesInstanceUID, grid, levels });
    if (isCurrent(signal)) settle('heatMap', null);
  };

  /** Another heat map of the same result. */
  const redrawHeatMap = (next: Presentation) => {
    drawingMap.abort();
    for (const id of overlayIds(next.analysis, 'heatMap')) overlays.remove(id);
    const { signal } = (drawingMap = new AbortController());
    void told(drawHeatMap(next, signal), signal);
  };

  const drawBoxes = (next: Presentation) => {
    const boxes = boxOverlay(next.analysis, next.selected);
    if (boxes === null) return;
    overlays.showBoxes(boxes);
    settle('boxes', null);
  };

  /** Gives a layer the settings that hold now: those that changed since `before`, or all. */
  const settle = (layer: LayerId, before: Presentation | null) => {
    if (shown === null || !hasLayer(shown.analysis, layer)) return;
    const [now, was] = [shown.layers[layer], before?.layers[layer]];
    for (const id of overlayIds(shown.analysis, layer)) {
      if (now.opacity !== was?.opacity) overlays.setOpacity(id, now.opacity);
      if (now.visible !== was?.visible) overlays.setVisible(id, now.visible);
    }
  };

  const clear = (analysis: Analysis) => {
    drawing.abort();
    drawingMap.abort();
    for (const layer of layerIds) for (const id of overlayIds(analysis, layer)) overlays.remove(id);
  };

  return {
    show(next) {
      const before = shown;
      if (before !== null && (next === null || !isSameResult(before.analysis, next.analysis))) clear(before.analysis);
      shown = next;
      if (next === null) return;
      if (before === null || !isSameResult(before.analysis, next.analysis)) {
        drawBoxes(next);
        void begin(next);
        return;
      }
      if (mapOf(before) !== mapOf(next)) redrawHeatMap(next);
      if (before.selected !== next.selected || before.analysis.findings !== next.analysis.findings) drawBoxes(next);
      for (const layer of layerIds) settle(layer, before);
    },
  };
}

/** What may have changed while something was awaited. */
function isCurrent({ aborted }: AbortSignal): boolean {
  return !aborted;
}

/** Whether masks may stay as they are. */
function isSameResult(a: Analysis, b: Analysis): boolean {
  return a.uid === b.uid && a.labelMaps === b.labelMaps;
}

function mapOf({ analysis, heatMap }: Presentation): HeatMap | undefined {
  return analysis.heatMaps[heatMap];
}

const layerIds: readonly LayerId[] = ['mask', 'heatMap', 'boxes'];

function hasLayer(analysis: Analysis, layer: LayerId): boolean {
  switch (layer) {
    case 'mask':
      return analysis.labelMaps.length > 0;
    case 'heatMap':
      return analysis.heatMaps.length > 0;
    case 'boxes':
      return boxOverlay(analysis, null) !== null;
  }
}
