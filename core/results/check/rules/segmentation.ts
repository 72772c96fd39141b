import { integerOf, itemOf, itemsOf, sopClasses, textOf } from '../../../dicom/index.ts';
import { isSegmentation } from '../kinds.ts';
import { itemsAt, itemsBelow, pathTo } from '../path.ts';
import type { Rule } from '../rule.ts';
import { hasValue, missing, notOneOf, whole } from './require.ts';
import { frameCount, pixelLength } from './pixels.ts';

const image: Rule = {
  id: 'seg.image',
  severity: 'error',
  section: 'PS3.3 C.8.20.2',
  about: isSegmentation,
  *check({ dataset, sopClassUID }) {
    const at = whole(dataset);
    yield* missing(at, [
      'ImageType',
      'InstanceNumber',
      'ContentLabel',
      'SegmentationType',
      'SegmentSequence',
      'LossyImageCompression',
    ]);
    const labelMap = sopClassUID === sopClasses.labelMapSegmentation;
    yield* notOneOf(at, 'SegmentationType', labelMap ? ['LABELMAP'] : ['BINARY', 'FRACTIONAL']);
    yield* notOneOf(at, 'SamplesPerPixel', ['1']);
    yield* notOneOf(at, 'PixelRepresentation', ['0']);
    const type = textOf(dataset, 'SegmentationType');
    if (type === 'BINARY') yield* notOneOf(at, 'BitsAllocated', ['1']);
    if (type === 'LABELMAP') yield* notOneOf(at, 'BitsAllocated', ['8', '16']);
    if (type === 'FRACTIONAL') {
      yield* notOneOf(at, 'BitsAllocated', ['8']);
      yield* missing(at, ['SegmentationFractionalType', 'MaximumFractionalValue']);
    }
  },
};

const segments: Rule = {
  id: 'seg.segment',
  severity: 'error',
  section: 'PS3.3 C.8.20.4',
  about: isSegmentation,
  *check({ dataset, sopClassUID }) {
    const labelMap = sopClassUID === sopClasses.labelMapSegmentation;
    for (const [index, segment] of itemsBelow(dataset, 'SegmentSequence').entries()) {
      const { attributes, path } = segment;
      yield* missing(segment, [
        'SegmentNumber',
        'SegmentLabel',
        'SegmentAlgorithmType',
        'SegmentedPropertyCategoryCodeSequence',
        'SegmentedPropertyTypeCodeSequence',
      ]);
      yield* notOneOf(segment, 'SegmentAlgorithmType', ['AUTOMATIC', 'SEMIAUTOMATIC', 'MANUAL']);
      if (textOf(attributes, 'SegmentAlgorithmType') !== 'MANUAL') yield* missing(segment, ['SegmentAlgorithmName']);
      if (!labelMap && integerOf(attributes, 'SegmentNumber') !== index + 1) {
        yield { path: pathTo(path, 'SegmentNumber'), message: `segment ${index + 1} is not numbered so` };
      }
      if (hasValue(attributes, 'TrackingID') !== hasValue(attributes, 'TrackingUID')) {
        yield { path, message: 'Tracking ID and Tracking UID come together or not at all' };
      }
      for (const algorithm of itemsAt(segment, 'SegmentationAlgorithmIdentificationSequence')) {
        yield* missing(algorithm, ['AlgorithmFamilyCodeSequence', 'AlgorithmName', 'AlgorithmVersion']);
      }
    }
  },
};

const frames: Rule = {
  id: 'seg.frame',
  severity: 'error',
  section: 'PS3.3 C.7.6.16, C.8.20.3',
  about: isSegmentation,
  *check({ dataset }) {
    const items = itemsBelow(dataset, 'PerFrameFunctionalGroupsSequence');
    const tiled = textOf(dataset, 'DimensionOrganizationType') === 'TILED_FULL';
    if (!tiled && items.length !== frameCount(dataset)) {
      const message = `${items.length} items for ${frameCount(dataset)} frames`;
      yield { path: pathTo('', 'PerFrameFunctionalGroupsSequence'), message };
    }
    if (textOf(dataset, 'SegmentationType') === 'LABELMAP' || tiled) return;
    const described = new Set(itemsOf(dataset, 'SegmentSequence').map((item) => integerOf(item, 'SegmentNumber')));
    const shared = itemOf(dataset, 'SharedFunctionalGroupsSequence') ?? {};
    for (const { attributes, path } of items) {
      const own =
        itemOf(attributes, 'SegmentIdentificationSequence') ?? itemOf(shared, 'SegmentIdentificationSequence');
      const number = integerOf(own ?? {}, 'ReferencedSegmentNumber');
      if (number !== null && described.has(number)) continue;
      const what = number === null ? 'names no segment' : `is of segment ${number}, which is not described`;
      yield { path: pathTo(path, 'SegmentIdentificationSequence'), message: `the frame ${what}` };
    }
  },
};

const pixels: Rule = {
  id: 'seg.pixels',
  severity: 'error',
  section: 'PS3.5 8.1.1, PS3.3 C.7.6.3',
  about: isSegmentation,
  check: ({ dataset }) => pixelLength(dataset, 'PixelData'),
};

export const segmentationRules: readonly Rule[] = [image, segments, frames, pixels];
