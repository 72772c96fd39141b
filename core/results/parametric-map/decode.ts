import type { HeatMap } from '../../analysis/index.ts';
import {
  integerOf,
  itemOf,
  itemsOf,
  numbersOf,
  privateCodes,
  textOf,
  units,
  type Attributes,
} from '../../dicom/index.ts';
import type { SeriesGeometry } from '../../volume/index.ts';
import { codeIn } from '../common/code-sequence.ts';
import { gridOfFrames } from './frame-grid.ts';
import { frameValues, storedValues } from './stored-values.ts';

export type DecodedParametricMap =
  { readonly ok: true; readonly heatMap: HeatMap } | { readonly ok: false; readonly reason: string };

/**
 * A Parametric Map as a heat map: real world values on the grid of its frames. Read are floats of 32 and 64 bits and
 * unsigned integers of 8 and 16 bits, uncompressed.
 * @param series The series it lies over: same frame of reference, or derived from it where that has none.
 * @returns why it must not be drawn, where it does not fit or is not regular.
 */
export function decodeParametricMap(dataset: Attributes, series: SeriesGeometry): DecodedParametricMap {
  const refused = (reason: string): DecodedParametricMap => ({ ok: false, reason });
  const { frameOfReferenceUID } = series;
  if (frameOfReferenceUID !== null && textOf(dataset, 'FrameOfReferenceUID') !== frameOfReferenceUID) {
    return refused('it is of another frame of reference');
  }
  const rows = integerOf(dataset, 'Rows') ?? 0;
  const columns = integerOf(dataset, 'Columns') ?? 0;
  const frames = itemsOf(dataset, 'PerFrameFunctionalGroupsSequence');
  if (rows < 1 || columns < 1 || frames.length === 0) return refused('it has no frames');
  if ((integerOf(dataset, 'NumberOfFrames') ?? 1) !== frames.length) return refused('it does not describe every frame');
  if ((integerOf(dataset, 'SamplesPerPixel') ?? 1) !== 1) return refused('it is a colour image');

  const stored = storedValues(dataset, rows * columns * frames.length);
  if (typeof stored === 'string') return refused(stored);
  const shared = itemOf(dataset, 'SharedFunctionalGroupsSequence') ?? {};
  const group = (frame: Attributes, keyword: string) => itemOf(frame, keyword) ?? itemOf(shared, keyword);
  const placed = gridOfFrames(frames, group, rows, columns, series.grid);
  if (typeof placed === 'string') return refused(placed);

  const values = new Float32Array(stored.length);
  const size = rows * columns;
  for (const [k, index] of placed.order.entries()) {
    const frame = frames[index] ?? {};
    const part = stored.subarray(index * size, (index + 1) * size);
    if (!frameValues(part, group(frame, 'RealWorldValueMappingSequence'), values.subarray(k * size, (k + 1) * size))) {
      return refused(`frame ${index + 1} does not say what its values mean`);
    }
  }
  const first = frames[0] ?? {};
  const mapping = group(first, 'RealWorldValueMappingSequence') ?? {};
  const definition = itemsOf(mapping, 'QuantityDefinitionSequence').find((item) => codeIn(item, 'ConceptCodeSequence'));
  const quantity = codeIn(definition ?? {}, 'ConceptCodeSequence') ?? privateCodes.unnamedQuantity;
  return {
    ok: true,
    heatMap: {
      label: textOf(mapping, 'LUTExplanation') ?? quantity.meaning,
      grid: placed.grid,
      values,
      quantity,
      unit: codeIn(mapping, 'MeasurementUnitsCodeSequence') ?? units.one,
      displayRange: displayRange(group(first, 'FrameVOILUTSequence') ?? {}, values),
    },
  };
}

/** The window as a range, free of the last digits that centre and width cost; the map's own range where there is none. */
function displayRange(window: Attributes, values: Float32Array): readonly [number, number] {
  const centre = numbersOf(window, 'WindowCenter')?.[0];
  const width = numbersOf(window, 'WindowWidth')?.[0];
  const exact = (value: number) => Number(value.toPrecision(12));
  if (centre !== undefined && width !== undefined && width > 0) {
    return [exact(centre - width / 2), exact(centre + width / 2)];
  }
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low && value > -Infinity) low = value;
    if (value > high && value < Infinity) high = value;
  }
  return low < high ? [low, high] : [0, 1];
}
