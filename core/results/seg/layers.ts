import type { LabelMap, Segment } from '../../analysis/index.ts';
import { labelView, type LabelView } from './label-runs.ts';
import type { Grid } from '../../geometry/index.ts';

/** Label map being filled: at most 255 segments, of which no two share a voxel. */
export interface Layer {
  readonly labels: Uint8Array;
  readonly view: LabelView;
  readonly segments: Segment[];
}

/** More bytes of labels than any study needs: what a small file may ask of us. */
const mostBytes = 2 ** 31;

/** The label maps of one SEG: one, unless its segments overlap or are more than 255. */
export class LayerStack {
  readonly grid: Grid;
  readonly layers: Layer[] = [];
  readonly #voxels: number;

  constructor(grid: Grid) {
    this.grid = grid;
    this.#voxels = grid.dims[0] * grid.dims[1] * grid.dims[2];
    this.#add();
  }

  /**
   * The first layer with room for one more segment behind the last one that has voxels of it: of segments over each other the later is drawn
   * on top. A new one where there is none; null at the limit.
   */
  layerFor(meets: (layer: Layer) => boolean): Layer | null {
    const behind = this.layers.findLastIndex(meets) + 1;
    return this.layers.slice(behind).find((layer) => layer.segments.length < 255) ?? this.#add();
  }

  #add(): Layer | null {
    if (this.layers.length > 0 && (this.layers.length + 1) * this.#voxels > mostBytes) return null;
    const labels = new Uint8Array(this.#voxels);
    const layer: Layer = { labels, view: labelView(labels), segments: [] };
    this.layers.push(layer);
    return layer;
  }

  finish(): readonly LabelMap[] {
    return this.layers.map(({ labels, segments }) => ({ grid: this.grid, labels, segments }));
  }
}

/** The wanted value where the layer has it free, else the lowest free one (1 to 255). */
export function freeValue({ segments }: Layer, wanted: number): number {
  const used = new Set(segments.map((segment) => segment.number));
  if (wanted >= 1 && wanted <= 255 && !used.has(wanted)) return wanted;
  let value = 1;
  while (used.has(value)) value++;
  return value;
}
