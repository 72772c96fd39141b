import { dcmCodes, formatDecimalString, type Code, type Dataset } from '../../dicom/index.ts';
import { codeSequence } from '../common/code-sequence.ts';
import type { ContentItem, RowOf } from './relationships.ts';

type Fields = Omit<Dataset, 'RelationshipType' | 'ValueType'>;

function item<R extends string, T extends string>(
  type: T,
  relationship: R,
  name: Code | null,
  value: Fields,
  children: readonly ContentItem[],
): ContentItem<R, T> {
  return {
    RelationshipType: relationship,
    ValueType: type,
    ...(name === null ? {} : { ConceptNameCodeSequence: codeSequence(name) }),
    ...value,
    ...(children.length === 0 ? {} : { ContentSequence: children }),
  };
}

export function container(
  name: Code,
  template: string | null,
  children: readonly RowOf<'CONTAINER'>[],
): ContentItem<'CONTAINS', 'CONTAINER'> {
  const identified: Fields =
    template === null ? {} : { ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: template }] };
  return item('CONTAINER', 'CONTAINS', name, { ContinuityOfContent: 'SEPARATE', ...identified }, children);
}

export function code<R extends string>(
  relationship: R,
  name: Code,
  value: Code,
  children: readonly RowOf<'CODE'>[] = [],
): ContentItem<R, 'CODE'> {
  return item('CODE', relationship, name, { ConceptCodeSequence: codeSequence(value) }, children);
}

export function text<R extends string>(relationship: R, name: Code, value: string): ContentItem<R, 'TEXT'> {
  return item('TEXT', relationship, name, { TextValue: value }, []);
}

export function uidref<R extends string>(relationship: R, name: Code, uid: string): ContentItem<R, 'UIDREF'> {
  return item('UIDREF', relationship, name, { UID: uid }, []);
}

export function pname<R extends string>(relationship: R, name: Code, person: string): ContentItem<R, 'PNAME'> {
  return item('PNAME', relationship, name, { PersonName: person }, []);
}

/** @param value DT with offset. */
export function datetime<R extends string>(relationship: R, name: Code, value: string): ContentItem<R, 'DATETIME'> {
  return item('DATETIME', relationship, name, { DateTime: value }, []);
}

/**
 * A number with its UCUM unit. Where a decimal string cannot hold it exactly the floating point value stands beside
 * it; what is no number at all is said by a qualifier (PS3.3 C.18.1).
 */
export function num(
  name: Code,
  value: number,
  unit: Code,
  children: readonly RowOf<'NUM'>[] = [],
): ContentItem<'CONTAINS', 'NUM'> {
  const decimal = formatDecimalString(value);
  if (decimal === null) {
    const { notANumber, negativeInfinity, positiveInfinity } = dcmCodes;
    const qualifier = Number.isNaN(value) ? notANumber : value < 0 ? negativeInfinity : positiveInfinity;
    const empty: Fields = { MeasuredValueSequence: [], NumericValueQualifierCodeSequence: codeSequence(qualifier) };
    return item('NUM', 'CONTAINS', name, empty, children);
  }
  const exact = Object.is(Number(decimal), value);
  const measured: Dataset = {
    NumericValue: decimal,
    ...(exact ? {} : { FloatingPointValue: value }),
    MeasurementUnitsCodeSequence: codeSequence(unit),
  };
  return item('NUM', 'CONTAINS', name, { MeasuredValueSequence: [measured] }, children);
}

/** @param reference Item of the Referenced SOP Sequence. */
export function image<R extends string>(
  relationship: R,
  name: Code | null,
  reference: Dataset,
): ContentItem<R, 'IMAGE'> {
  return item('IMAGE', relationship, name, { ReferencedSOPSequence: [reference] }, []);
}

/** An instance that is no image. @param reference Item of the Referenced SOP Sequence. */
export function composite<R extends string>(
  relationship: R,
  name: Code | null,
  reference: Dataset,
): ContentItem<R, 'COMPOSITE'> {
  return item('COMPOSITE', relationship, name, { ReferencedSOPSequence: [reference] }, []);
}

export type GraphicType = 'POINT' | 'MULTIPOINT' | 'POLYLINE';

/**
 * Coordinates on one image: column, row pairs; (0, 0) is the outer corner of the first pixel, so that its centre is
 * (0.5, 0.5) (PS3.3 C.18.6.1.1).
 */
export function scoord<R extends string>(
  relationship: R,
  name: Code | null,
  type: GraphicType,
  points: readonly (readonly [number, number])[],
  reference: Dataset,
): ContentItem<R, 'SCOORD'> {
  const selected: RowOf<'SCOORD'> = image('SELECTED FROM', null, reference);
  const value: Fields = { GraphicType: type, GraphicData: points.flat() };
  return item('SCOORD', relationship, name, value, [selected]);
}

/** Coordinates in patient space, LPS mm (PS3.3 C.18.9). */
export function scoord3d<R extends string>(
  relationship: R,
  name: Code | null,
  type: GraphicType,
  points: readonly (readonly [number, number, number])[],
  frameOfReferenceUID: string,
): ContentItem<R, 'SCOORD3D'> {
  const value: Fields = {
    GraphicType: type,
    GraphicData: points.flat(),
    ReferencedFrameOfReferenceUID: frameOfReferenceUID,
  };
  return item('SCOORD3D', relationship, name, value, []);
}
