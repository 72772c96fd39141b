import { gridBox, type Grid, type IndexBox, type Vec3 } from '../../geometry/index.ts';
import { OverreadError } from '../../errors/index.ts';
import { activate } from '../activation.ts';
import { boxAxes, boxDecoder, onGrid, type BoxesOutput } from '../detect/decode.ts';
import { edgeBoxCentre, edgeBoxVolume, type EdgeBox } from '../detect/edge-box.ts';
import { joinSlices } from '../detect/join-slices.ts';
import { suppress, type Detection } from '../detect/suppress.ts';
import { badOutput, floatRows } from '../rows.ts';
import type { Window } from '../windows/window.ts';
import type { Collector, GraphAnswer } from './collector.ts';

/** So many boxes are kept before suppression, the best ones: a graph that reports every voxel must not take all memory. */
const mostBoxes = 50_000;

/** A box nearer to the window's edge than this ends because the window ends, voxels. */
const edgeWidth = 1;

/** Boxes of a detector, from all windows, on the prepared grid. */
export class BoxCollector implements Collector {
  readonly #output: BoxesOutput;
  readonly #limits: IndexBox;
  readonly #axes: number;
  #found: Detection[] = [];

  /**
   * @param grid the prepared grid
   * @param rank spatial axes of the graph's input: 2 or 3
   * @throws OverreadError `model.unsupported` for boxes of another rank
   */
  constructor(output: BoxesOutput, grid: Grid, rank: 2 | 3) {
    this.#output = output;
    this.#limits = gridBox(grid);
    this.#axes = boxAxes(output.encoding);
    if (this.#axes !== rank) {
      const why = `output '${output.name}' holds boxes of ${this.#axes} axes and the input has ${rank}`;
      throw new OverreadError('model.unsupported', { why });
    }
  }

  /** Boxes whose centre the window answers for. */
  add(outputs: GraphAnswer, window: Window): void {
    const { name, encoding } = this.#output;
    const { data, batch, rows } = this.#table(outputs, window);
    const scores = this.#scores(outputs, batch * rows);
    const decoder = boxDecoder(encoding, window.input);
    if (decoder.rows !== null && decoder.rows !== rows) {
      throw badOutput(name, `it has ${rows} rows where the manifest's anchors make ${decoder.rows}`);
    }
    const columns = 2 * this.#axes;
    for (let table = 0; table < batch; table++) {
      for (let row = 0; row < rows; row++) {
        const at = table * rows + row;
        const wanted = scores(at);
        if (wanted.length === 0) continue;
        const edges = decoder.decode(data, at * columns, row);
        this.#keep(onGrid(edges, window.input, window.input.min[2] + table), wanted, window);
      }
      this.#thin(2 * mostBoxes);
    }
  }

  /** What is left of all boxes after non-maximum suppression, best score first; boxes of two axes joined across slices where the manifest says so. */
  result(): readonly Detection[] {
    this.#thin(mostBoxes);
    const { maxOverlap, maxFindings: limit, joinGap } = this.#output;
    if (this.#axes === 3 || joinGap === null) return suppress(this.#found, maxOverlap, limit);
    return joinSlices(this.#found, { maxOverlap, maxGap: joinGap, limit });
  }

  #keep(box: EdgeBox, candidates: readonly Candidate[], window: Window): void {
    if (![...box.low, ...box.high].every(Number.isFinite)) {
      throw badOutput(this.#output.name, 'it holds boxes without an end');
    }
    const centre = edgeBoxCentre(box);
    // Padding rows of detectors with a fixed number of boxes are boxes without extent.
    if (!(edgeBoxVolume(box) > 0) || box.low.some((low, axis) => low >= box.high[axis as 0])) return;
    if (!within(centre, window.core)) return;
    const cut = this.#isCut(box, window.input);
    for (const { classIndex, score } of candidates) this.#found.push({ box, classIndex, score, cut });
  }

  /** A window of slices cuts nothing along k: its boxes are as thick as a slice. */
  #isCut({ low, high }: EdgeBox, { min, max }: IndexBox): boolean {
    const axes = ([0, 1, 2] as const).slice(0, this.#axes);
    return axes.some(
      (axis) =>
        (min[axis] > this.#limits.min[axis] && low[axis] < min[axis] - 0.5 + edgeWidth) ||
        (max[axis] < this.#limits.max[axis] && high[axis] > max[axis] + 0.5 - edgeWidth),
    );
  }

  /** Boxes [N, columns] or [1, N, columns]; of slices, [slices, N, columns]. */
  #table(outputs: GraphAnswer, { input }: Window) {
    const { name } = this.#output;
    const { data, dims } = floatRows(outputs, name);
    const columns = 2 * this.#axes;
    const rows = dims.at(-2) ?? 1;
    const batch = dims.length === 3 ? dims[0]! : 1;
    const slices = this.#axes === 2 ? input.max[2] - input.min[2] + 1 : 1;
    const fits = (dims.length === 2 || dims.length === 3) && dims.at(-1) === columns && batch === slices;
    if (fits && data.length === batch * rows * columns) return { data, batch, rows };
    const wanted = slices === 1 ? `[N, ${columns}] or [1, N, ${columns}]` : `[${slices}, N, ${columns}]`;
    throw badOutput(name, `its shape is [${dims.join(', ')}] where ${wanted} was expected`);
  }

  /** The classes of a row whose score is high enough. Most rows have none: they must cost next to nothing. */
  #scores(outputs: GraphAnswer, rows: number): (row: number) => readonly Candidate[] {
    const { scores: name, classIndices, classes, background, activation, minScore } = this.#output;
    const skipped = background ? 1 : 0;
    const columns = classIndices === undefined ? classes.length + skipped : 1;
    const { data, dims } = floatRows(outputs, name);
    if (data.length !== rows * columns || (columns > 1 && dims.at(-1) !== columns)) {
      throw badOutput(name, `its shape is [${dims.join(', ')}] where ${rows} rows of ${columns} were expected`);
    }
    const indices =
      classIndices === undefined ? null : classesOf(outputs, classIndices, rows, classes.length + skipped);
    const values = new Float64Array(columns);
    const first = indices === null ? skipped : 0;
    return (row) => {
      for (let column = 0; column < columns; column++) values[column] = data[row * columns + column]!;
      activate(values, activation);
      let wanted: Candidate[] | null = null;
      for (let column = first; column < columns; column++) {
        const score = values[column]!;
        const classIndex = (indices === null ? column : indices[row]!) - skipped;
        if (score >= minScore && classIndex >= 0) (wanted ??= []).push({ classIndex, score });
      }
      return wanted ?? none;
    };
  }

  /** Keeps the best boxes where there are more than `most`. */
  #thin(most: number): void {
    if (this.#found.length <= most) return;
    this.#found = this.#found.sort((a, b) => b.score - a.score).slice(0, mostBoxes);
  }
}

const none: readonly Candidate[] = [];

interface Candidate {
  readonly classIndex: number;
  readonly score: number;
}

/** One class per row, as whole numbers of any type. @throws OverreadError `pipeline.bad-output` for a class that the manifest does not name */
function classesOf(outputs: GraphAnswer, name: string, rows: number, count: number): readonly number[] {
  const tensor = outputs[name];
  if (tensor === undefined) throw badOutput(name, 'the graph has no such output');
  if (tensor.data.length !== rows) throw badOutput(name, `it holds ${tensor.data.length} classes for ${rows} boxes`);
  const indices = Array.from(tensor.data, Number);
  const strange = indices.find((index) => !Number.isInteger(index) || index < 0 || index >= count);
  if (strange !== undefined) throw badOutput(name, `it names the class ${strange} of ${count}`);
  return indices;
}

function within(point: Vec3, { min, max }: IndexBox): boolean {
  return ([0, 1, 2] as const).every((axis) => point[axis] >= min[axis] - 0.5 && point[axis] < max[axis] + 0.5);
}
