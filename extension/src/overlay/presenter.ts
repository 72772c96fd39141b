import type { Analysis } from '@overread/core/analysis';
import type { HostOverlays } from '../host/types.ts';
import { heatMapLevels } from './heat-levels.ts';
import { boxOverlay, labelMapOverlay, overlayId, type LayerId } from './layers.ts';

export interface Presentation {
  readonly analysis: Analysis;
  /** Tracking UID of the marked finding, or null. */
  readonly selected: string | null;
  readonly layers: Readonly<Record<LayerId, { readonly visible: boolean; readonly opacity: number }>>;
}

export interface Presenter {
  /** Brings the viewports to what is asked for; null clears them. Only what changed is drawn again. */
  show(next: Presentation | null): void;
}

/**
 * Draws one result at a time. Masks and heat maps are handed to the viewer once and then only switched; boxes are
 * drawn again with each decision and selection.
 * @param onError A layer could not be drawn; the others stay.
 */
export function createPresenter(overlays: HostOverlays, onError: (error: unknown) => void): Presenter {
  let shown: Presentation | null = null;
  let drawing = new AbortController();

  const begin = (next: Presentation) => {
    const { signal } = (drawing = new AbortController());
    void draw(next.analysis, signal).catch((error: unknown) => {
      if (!signal.aborted) onError(error);
    });
  };

  /** Layers appear one after the other; each takes the settings that hold when it has appeared. */
  const draw = async (analysis: Analysis, signal: AbortSignal) => {
    const isOver = () => signal.aborted;
    const mask = labelMapOverlay(analysis);
    if (mask !== null) {
      await overlays.showLabelMap(mask);
      if (isOver()) {
        overlays.remove(mask.id);
        return;
      }
      settle('mask', null);
    }
    if (analysis.heatMap === null) return;
    const levels = await heatMapLevels(analysis.heatMap, analysis.source.grid, signal);
    if (levels === null || isOver()) return;
    const id = overlayId(analysis.uid, 'heatMap');
    await overlays.showHeatMap({
      id,
      label: analysis.heatMap.quantity.meaning,
      seriesInstanceUID: analysis.source.seriesInstanceUID,
      grid: analysis.source.grid,
      levels,
    });
    if (isOver()) overlays.remove(id);
    else settle('heatMap', null);
  };

  const drawBoxes = (next: Presentation) => {
    const boxes = boxOverlay(next.analysis, next.selected);
    if (boxes !== null) overlays.showBoxes(boxes);
  };

  const settle = (layer: LayerId, before: Presentation | null) => {
    if (shown === null || !hasLayer(shown.analysis, layer)) return;
    const id = overlayId(shown.analysis.uid, layer);
    const [now, was] = [shown.layers[layer], before?.layers[layer]];
    if (now.opacity !== was?.opacity) overlays.setOpacity(id, now.opacity);
    if (now.visible !== was?.visible) overlays.setVisible(id, now.visible);
  };

  const clear = (analysis: Analysis) => {
    drawing.abort();
    for (const layer of layerIds) overlays.remove(overlayId(analysis.uid, layer));
  };

  return {
    show(next) {
      const before = shown;
      if (before !== null && before.analysis.uid !== next?.analysis.uid) clear(before.analysis);
      shown = next;
      if (next === null) return;
      if (before?.analysis.uid !== next.analysis.uid) {
        drawBoxes(next);
        settle('boxes', null);
        begin(next);
        return;
      }
      if (before.selected !== next.selected || before.analysis.findings !== next.analysis.findings) drawBoxes(next);
      for (const layer of layerIds) settle(layer, before);
    },
  };
}

const layerIds: readonly LayerId[] = ['mask', 'heatMap', 'boxes'];

function hasLayer(analysis: Analysis, layer: LayerId): boolean {
  switch (layer) {
    case 'mask':
      return analysis.labelMap !== null;
    case 'heatMap':
      return analysis.heatMap !== null;
    case 'boxes':
      return boxOverlay(analysis, null) !== null;
  }
}
