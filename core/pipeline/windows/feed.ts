import { boxSize, intersectBoxes, gridBox, type IndexBox, type Vec3 } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import type { PreparedInput } from '../prepared.ts';
import type { Tensor } from '../runtime.ts';
import { neighboursOf } from './neighbours.ts';

type Layout = Manifest['input']['layout'];

export interface FloatTensor extends Tensor {
  readonly type: 'float32';
  readonly data: Float32Array;
}

/**
 * Makes the tensors that the graph is given, in buffers that are used again: a tensor holds until the next one is made.
 */
export class Feed {
  readonly #prepared: PreparedInput;
  readonly #layout: Layout;
  #values = new Float32Array(0);
  #read = new Float32Array(0);

  constructor(prepared: PreparedInput, layout: Layout) {
    this.#prepared = prepared;
    this.#layout = layout;
  }

  /**
   * The input of a window: [1, C, D, H, W]; 2-D [N, C, H, W]; 2.5-D [N, (2 n + 1) C, H, W]. What lies beyond the prepared grid is 0.
   */
  of(box: IndexBox): FloatTensor {
    const [ni, nj, nk] = boxSize(box);
    const { channels } = this.#prepared;
    const layout = this.#layout;
    if (layout.kind === '3d') {
      this.#values = sized(this.#values, channels * ni * nj * nk);
      this.#readInto(box, this.#values);
      return { type: 'float32', dims: [1, channels, nk, nj, ni], data: this.#values };
    }
    const neighbours = neighboursOf(layout);
    const planes = (2 * neighbours + 1) * channels;
    this.#values = sized(this.#values, nk * planes * nj * ni);
    this.#readSlices(box, neighbours, this.#values);
    return { type: 'float32', dims: [nk, planes, nj, ni], data: this.#values };
  }

  /** [channels, nk, nj, ni] of a box, 0 beyond the grid. */
  #readInto(box: IndexBox, into: Float32Array): void {
    const inside = intersectBoxes(box, gridBox(this.#prepared.grid));
    if (inside === null) into.fill(0);
    else if (boxSize(inside).every((extent, axis) => extent === boxSize(box)[axis])) this.#prepared.read(box, into);
    else {
      this.#read = sized(this.#read, this.#prepared.channels * volumeOf(boxSize(inside)));
      this.#prepared.read(inside, this.#read);
      into.fill(0);
      embed(this.#read, inside, into, box);
    }
  }

  /** [slices, neighbours before to behind, channels, nj, ni] of a box. Neighbours beyond the grid are its first or last slice, slices beyond it 0. */
  #readSlices(box: IndexBox, neighbours: number, into: Float32Array): void {
    const { channels, grid } = this.#prepared;
    const last = grid.dims[2] - 1;
    const within = (k: number): number => Math.min(last, Math.max(0, k));
    const [first, end] = [within(box.min[2] - neighbours), within(box.max[2] + neighbours)];
    const wide = { min: [box.min[0], box.min[1], first], max: [box.max[0], box.max[1], end] } satisfies IndexBox;
    const [ni, nj, slices] = boxSize(wide);
    const plane = ni * nj;
    const read = new Float32Array(channels * slices * plane);
    this.#readInto(wide, read);
    let to = 0;
    for (let k = box.min[2]; k <= box.max[2]; k++) {
      for (let n = -neighbours; n <= neighbours; n++) {
        for (let c = 0; c < channels; c++, to += plane) {
          if (k < 0 || k > last) into.fill(0, to, to + plane);
          else {
            const from = (c * slices + within(k + n) - first) * plane;
            into.set(read.subarray(from, from + plane), to);
          }
        }
      }
    }
  }
}

/** Copies the rows of a box into a larger one round it; every channel of both is one behind the other. */
function embed(values: Float32Array, box: IndexBox, into: Float32Array, around: IndexBox): void {
  const [ni, nj, nk] = boxSize(box);
  const wide = boxSize(around);
  const channels = values.length / (ni * nj * nk);
  const start =
    ((box.min[2] - around.min[2]) * wide[1] + box.min[1] - around.min[1]) * wide[0] + box.min[0] - around.min[0];
  let from = 0;
  for (let c = 0; c < channels; c++) {
    for (let k = 0; k < nk; k++) {
      for (let j = 0; j < nj; j++, from += ni) {
        into.set(values.subarray(from, from + ni), start + ((c * wide[2] + k) * wide[1] + j) * wide[0]);
      }
    }
  }
}

function volumeOf(size: Vec3): number {
  return size[0] * size[1] * size[2];
}

function sized(buffer: Float32Array<ArrayBuffer>, length: number): Float32Array<ArrayBuffer> {
  return buffer.length === length ? buffer : new Float32Array(length);
}
