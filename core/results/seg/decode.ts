import type { LabelMap } from '../../analysis/index.ts';
import { integerOf, itemsOf } from '../../dicom/index.ts';
import type { SeriesGeometry } from '../../volume/index.ts';
import type { StoredObject } from '../stored-object.ts';
import { readOnSeries } from './read.ts';

export type DecodedSegmentation =
  | {
      readonly ok: true;
      readonly labelMaps: readonly LabelMap[];
      /** SegmentNumber by value in the label maps. */
      readonly numbers: ReadonlyMap<number, number>;
    }
  /** Why the SEG must not be drawn on the series. */
  | { readonly ok: false; readonly reason: string };

const refused = (reason: string): DecodedSegmentation => ({ ok: false, reason });

/**
 * A SEG as the label maps of an analysis, on the grid of the series. What does not fit the series, or has more segments than there are
 * label values, is refused.
 * @param labelValue Value in the label maps of a SegmentNumber.
 */
export function decodeSegmentation(
  object: StoredObject,
  series: SeriesGeometry,
  labelValue: (segmentNumber: number) => number,
): DecodedSegmentation {
  const numbers = itemsOf(object.dataset, 'SegmentSequence').map((item) => integerOf(item, 'SegmentNumber') ?? 0);
  const values = numbers.map(labelValue);
  if (!values.every((value) => value >= 0 && value <= 255))
    return refused('it has more segments than the 255 that can be shown');
  if (new Set(values).size !== values.length) return refused('its segments are not numbered');
  const read = readOnSeries(object, series, { labelValue, missingCode: null });
  if (!read.ok) return read;
  const places = [...read.places].map(([number, { value }]) => [value, number] as const);
  return { ok: true, labelMaps: read.layers, numbers: new Map(places) };
}
