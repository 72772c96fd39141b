import type { ModelIdentity, Segment } from '../../analysis/index.ts';
import {
  codePoints,
  dcmCodes,
  itemOf,
  numbersOf,
  shortText,
  textOf,
  type Attributes,
  type Code,
  type Dataset,
} from '../../dicom/index.ts';
import type { Vec3 } from '../../geometry/index.ts';
import { codeIn, codeSequence } from '../common/code-sequence.ts';
import { dicomLabToRgb, rgbToDicomLab } from './colour.ts';

/** Segment Description Macro (PS3.3 table C.8.20-4). @param number SegmentNumber in the SEG. */
export function segmentItem(segment: Segment, number: number, model: ModelIdentity): Dataset {
  const label = shortText(segment.label);
  return {
    SegmentNumber: number,
    SegmentLabel: label,
    // What the label had to lose to fit stands here.
    ...(label === segment.label ? {} : { SegmentDescription: codePoints(segment.label).slice(0, 1024).join('') }),
    SegmentAlgorithmType: segment.algorithmType ?? 'AUTOMATIC',
    SegmentAlgorithmName: shortText(model.title),
    SegmentationAlgorithmIdentificationSequence: [
      {
        AlgorithmFamilyCodeSequence: codeSequence(dcmCodes.artificialIntelligence),
        AlgorithmName: shortText(model.title),
        AlgorithmVersion: shortText(model.version),
        AlgorithmSource: shortText(model.manufacturer),
        AlgorithmParameters: `package: ${model.id}; digest: ${model.digest}`,
      },
    ],
    SegmentedPropertyCategoryCodeSequence: codeSequence(segment.category),
    SegmentedPropertyTypeCodeSequence: typeSequence(segment),
    ...(segment.anatomicRegion === undefined ? {} : { AnatomicRegionSequence: codeSequence(segment.anatomicRegion) }),
    TrackingID: segment.trackingIdentifier,
    TrackingUID: segment.trackingUID,
    RecommendedDisplayCIELabValue: rgbToDicomLab(segment.colour),
  };
}

function typeSequence({ type, modifier }: Segment): readonly Dataset[] {
  if (modifier === undefined) return codeSequence(type);
  return codeSequence(type).map((item) => ({
    ...item,
    SegmentedPropertyTypeModifierCodeSequence: codeSequence(modifier),
  }));
}

/** Drawn where a segment names no colour. */
const fallbackColour: Vec3 = [255, 200, 0];

/**
 * A segment as read; null where it lacks what a segment cannot be without.
 * @param number Value in the label map.
 * @param missing What stands for a code that is missing, where that is allowed.
 */
export function segmentOf(item: Attributes, number: number, missing: Code | null): Segment | null {
  const category = codeIn(item, 'SegmentedPropertyCategoryCodeSequence') ?? missing;
  const type = codeIn(item, 'SegmentedPropertyTypeCodeSequence') ?? missing;
  if (category === null || type === null) return null;
  const shortLabel = textOf(item, 'SegmentLabel') ?? type.meaning;
  const description = textOf(item, 'SegmentDescription');
  const modifier = codeIn(
    itemOf(item, 'SegmentedPropertyTypeCodeSequence') ?? {},
    'SegmentedPropertyTypeModifierCodeSequence',
  );
  const anatomicRegion = codeIn(item, 'AnatomicRegionSequence');
  const lab = numbersOf(item, 'RecommendedDisplayCIELabValue', 3);
  return {
    number,
    label: description !== null && shortText(description) === shortLabel ? description : shortLabel,
    category,
    type,
    ...(modifier === null ? {} : { modifier }),
    ...(anatomicRegion === null ? {} : { anatomicRegion }),
    ...(textOf(item, 'SegmentAlgorithmType') === 'SEMIAUTOMATIC' ? { algorithmType: 'SEMIAUTOMATIC' as const } : {}),
    colour: lab === null ? fallbackColour : dicomLabToRgb([lab[0] ?? 0, lab[1] ?? 0, lab[2] ?? 0]),
    trackingIdentifier: textOf(item, 'TrackingID') ?? '',
    trackingUID: textOf(item, 'TrackingUID') ?? '',
  };
}
