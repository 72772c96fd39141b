import { dcmCodes, formatDecimalString, type Code, type Dataset } from '../../dicom/index.ts';
import { codeSequence } from '../common/code-sequence.ts';

export type Relationship =
  | 'CONTAINS'
  | 'HAS OBS CONTEXT'
  | 'HAS CONCEPT MOD'
  | 'HAS ACQ CONTEXT'
  | 'HAS PROPERTIES'
  | 'INFERRED FROM'
  | 'SELECTED FROM';

/** A content item of the tree (PS3.3 C.17.3), ready to be written. */
export type ContentItem = Dataset;

function item(
  type: string,
  relationship: Relationship,
  name: Code | null,
  value: Dataset,
  children: readonly ContentItem[],
): ContentItem {
  return {
    RelationshipType: relationship,
    ValueType: type,
    ...(name === null ? {} : { ConceptNameCodeSequence: codeSequence(name) }),
    ...value,
    ...(children.length === 0 ? {} : { ContentSequence: children }),
  };
}

export function container(name: Code, template: string | null, children: readonly ContentItem[]): ContentItem {
  const identified: Dataset =
    template === null ? {} : { ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: template }] };
  return item('CONTAINER', 'CONTAINS', name, { ContinuityOfContent: 'SEPARATE', ...identified }, children);
}

export function code(
  relationship: Relationship,
  name: Code,
  value: Code,
  children: readonly ContentItem[] = [],
): ContentItem {
  return item('CODE', relationship, name, { ConceptCodeSequence: codeSequence(value) }, children);
}

export function text(relationship: Relationship, name: Code, value: string): ContentItem {
  return item('TEXT', relationship, name, { TextValue: value }, []);
}

export function uidref(relationship: Relationship, name: Code, uid: string): ContentItem {
  return item('UIDREF', relationship, name, { UID: uid }, []);
}

export function pname(relationship: Relationship, name: Code, person: string): ContentItem {
  return item('PNAME', relationship, name, { PersonName: person }, []);
}

/** @param value DT with offset. */
export function datetime(relationship: Relationship, name: Code, value: string): ContentItem {
  return item('DATETIME', relationship, name, { DateTime: value }, []);
}

/**
 * A number with its UCUM unit. Where a decimal string cannot hold it exactly the floating point value stands beside
 * it; what is no number at all is said by a qualifier (PS3.3 C.18.1).
 */
export function num(name: Code, value: number, unit: Code, children: readonly ContentItem[] = []): ContentItem {
  const decimal = formatDecimalString(value);
  if (decimal === null) {
    const { notANumber, negativeInfinity, positiveInfinity } = dcmCodes;
    const qualifier = Number.isNaN(value) ? notANumber : value < 0 ? negativeInfinity : positiveInfinity;
    const empty: Dataset = { MeasuredValueSequence: [], NumericValueQualifierCodeSequence: codeSequence(qualifier) };
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
export function image(relationship: Relationship, name: Code | null, reference: Dataset): ContentItem {
  return item('IMAGE', relationship, name, { ReferencedSOPSequence: [reference] }, []);
}

/** An instance that is no image. @param reference Item of the Referenced SOP Sequence. */
export function composite(relationship: Relationship, name: Code | null, reference: Dataset): ContentItem {
  return item('COMPOSITE', relationship, name, { ReferencedSOPSequence: [reference] }, []);
}

export type GraphicType = 'POINT' | 'MULTIPOINT' | 'POLYLINE';

/**
 * Coordinates on one image: column, row pairs; (0, 0) is the outer corner of the first pixel, so that its centre is
 * (0.5, 0.5) (PS3.3 C.18.6.1.1).
 */
export function scoord(
  relationship: 'CONTAINS' | 'INFERRED FROM',
  name: Code | null,
  type: GraphicType,
  points: readonly (readonly [number, number])[],
  reference: Dataset,
): ContentItem {
  const value: Dataset = { GraphicType: type, GraphicData: points.flat() };
  return item('SCOORD', relationship, name, value, [image('SELECTED FROM', null, reference)]);
}

/** Coordinates in patient space, LPS mm (PS3.3 C.18.9). */
export function scoord3d(
  relationship: 'CONTAINS' | 'INFERRED FROM',
  name: Code | null,
  type: GraphicType,
  points: readonly (readonly [number, number, number])[],
  frameOfReferenceUID: string,
): ContentItem {
  const value: Dataset = {
    GraphicType: type,
    GraphicData: points.flat(),
    ReferencedFrameOfReferenceUID: frameOfReferenceUID,
  };
  return item('SCOORD3D', relationship, name, value, []);
}
