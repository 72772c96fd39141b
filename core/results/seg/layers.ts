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

  /** The first layer with room for one more segment that also passes `fits`; a new one where none does; null at the limit. */
  layerFor(fits: (layer: Layer) => boolean): Layer | null {
    const found = this.layers.find((layer) => layer.segments.length < 255 && fits(layer));
    return found ?? this.#add();
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
