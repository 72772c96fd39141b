import { itemOf, itemsOf, textOf, textsOf, type Attributes } from '../../../dicom/index.ts';
import { codeIn } from '../../common/code-sequence.ts';
import { isParametricMap, isSecondaryCapture } from '../kinds.ts';
import { itemsBelow, pathTo, type ItemAt } from '../path.ts';
import type { Rule } from '../rule.ts';
import { frameCount, pixelLength } from './pixels.ts';
import { hasValue, missing, notOneOf, whole } from './require.ts';

function bulkOf(dataset: Attributes): 'FloatPixelData' | 'DoubleFloatPixelData' | 'PixelData' {
  if (hasValue(dataset, 'FloatPixelData')) return 'FloatPixelData';
  return hasValue(dataset, 'DoubleFloatPixelData') ? 'DoubleFloatPixelData' : 'PixelData';
}

const mapImage: Rule = {
  id: 'pm.image',
  severity: 'error',
  section: 'PS3.3 C.8.32.2, C.7.6.24',
  about: isParametricMap,
  *check({ dataset }) {
    const at = whole(dataset);
    yield* missing(at, ['ImageType', 'InstanceNumber', 'ContentLabel', 'ContentQualification', 'FrameOfReferenceUID']);
    yield* missing(at, ['PresentationLUTShape', 'BurnedInAnnotation', 'LossyImageCompression']);
    yield* notOneOf(at, 'ContentQualification', ['PRODUCT', 'RESEARCH', 'SERVICE']);
    yield* notOneOf(at, 'PhotometricInterpretation', ['MONOCHROME2']);
    const bulk = bulkOf(dataset);
    yield* pixelLength(dataset, bulk);
    if (bulk === 'PixelData') return;
    yield* notOneOf(at, 'BitsAllocated', [bulk === 'FloatPixelData' ? '32' : '64']);
    for (const keyword of ['BitsStored', 'HighBit', 'PixelRepresentation'] as const) {
      if (hasValue(dataset, keyword))
        yield { path: pathTo('', keyword), message: `${keyword} has no place beside ${bulk}` };
    }
  },
};

const mapFrames: Rule = {
  id: 'pm.frame',
  severity: 'error',
  section: 'PS3.3 A.75.4, C.7.6.16',
  about: isParametricMap,
  *check({ dataset }) {
    const frames = itemsBelow(dataset, 'PerFrameFunctionalGroupsSequence');
    if (frames.length !== frameCount(dataset)) {
      const message = `${frames.length} items for ${frameCount(dataset)} frames`;
      yield { path: pathTo('', 'PerFrameFunctionalGroupsSequence'), message };
    }
    const shared = itemOf(dataset, 'SharedFunctionalGroupsSequence') ?? {};
    const groups = [
      'PixelMeasuresSequence',
      'PlanePositionSequence',
      'PlaneOrientationSequence',
      'ParametricMapFrameTypeSequence',
      'RealWorldValueMappingSequence',
    ] as const;
    for (const { attributes, path } of frames) {
      for (const keyword of groups) {
        if (itemOf(attributes, keyword) !== null || itemOf(shared, keyword) !== null) continue;
        yield { path: pathTo(path, keyword), message: `neither the frame nor the shared groups have ${keyword}` };
      }
    }
  },
};

/** Mappings of the shared and of the per-frame groups. */
function mappingsIn(dataset: Attributes): readonly ItemAt[] {
  return (['SharedFunctionalGroupsSequence', 'PerFrameFunctionalGroupsSequence'] as const).flatMap((groups) =>
    itemsBelow(dataset, groups, 'RealWorldValueMappingSequence'),
  );
}

const mapMeaning: Rule = {
  id: 'pm.real-world-value',
  severity: 'error',
  section: 'PS3.3 C.7.6.16.2.11',
  about: isParametricMap,
  *check({ dataset }) {
    for (const mapping of mappingsIn(dataset)) {
      yield* missing(mapping, ['LUTExplanation', 'LUTLabel', 'MeasurementUnitsCodeSequence']);
      if (bulkOf(dataset) === 'PixelData') continue;
      yield* missing(mapping, [
        'DoubleFloatRealWorldValueFirstValueMapped',
        'DoubleFloatRealWorldValueLastValueMapped',
      ]);
      yield* missing(mapping, ['RealWorldValueIntercept', 'RealWorldValueSlope']);
    }
  },
};

const mapQuantity: Rule = {
  id: 'pm.quantity',
  severity: 'warning',
  section: 'PS3.3 C.7.6.16.2.11; IHE AIR: a display names what a map shows',
  about: isParametricMap,
  *check({ dataset }) {
    for (const { attributes, path } of mappingsIn(dataset)) {
      const named = itemsOf(attributes, 'QuantityDefinitionSequence').some(
        (item) => codeIn(item, 'ConceptCodeSequence') !== null,
      );
      if (!named)
        yield {
          path: pathTo(path, 'QuantityDefinitionSequence'),
          message: 'the map does not say what quantity it shows',
        };
    }
  },
};

const capture: Rule = {
  id: 'sc.image',
  severity: 'error',
  section: 'PS3.3 C.8.6.1, C.7.6.1, C.7.6.3',
  about: isSecondaryCapture,
  *check({ dataset }) {
    const at = whole(dataset);
    yield* missing(at, ['ConversionType']);
    yield* notOneOf(at, 'ConversionType', ['DV', 'DI', 'DF', 'WSD', 'SD', 'SI', 'DRW', 'SYN']);
    const samples = textOf(dataset, 'SamplesPerPixel');
    if (samples === '3') yield* missing(at, ['PlanarConfiguration']);
    yield* pixelLength(dataset, 'PixelData');
  },
};

const captureMarked: Rule = {
  id: 'sc.marked',
  severity: 'warning',
  section: 'PS3.3 C.7.6.1.1.2, C.7.6.1',
  about: isSecondaryCapture,
  *check({ dataset }) {
    const at = whole(dataset);
    yield* missing(at, ['BurnedInAnnotation', 'SourceImageSequence']);
    const type = textsOf(dataset, 'ImageType');
    if (type[0] !== 'DERIVED' || type[1] !== 'SECONDARY') {
      yield { path: pathTo('', 'ImageType'), message: `ImageType is ${type.join('\\')}, not DERIVED\\SECONDARY` };
    }
  },
};

export const imageRules: readonly Rule[] = [mapImage, mapFrames, mapMeaning, mapQuantity, capture, captureMarked];
