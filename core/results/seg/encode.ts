import type { Analysis, LabelMap } from '../../analysis/index.ts';
import {
  newUID,
  shortText,
  sopClasses,
  tags,
  textOf,
  textsOf,
  type Attributes,
  type Dataset,
} from '../../dicom/index.ts';
import { OverreadError } from '../../errors/index.ts';
import { sameGrid } from '../../geometry/index.ts';
import { imageReference } from '../common/image-reference.ts';
import { codingSchemes, commonModules, finishObject, newPlace } from '../common/instance.ts';
import type { DicomObject, ObjectReference } from '../object.ts';
import { packFrames } from './frames.ts';
import { perFrameGroups, sharedGroups } from './functional-groups.ts';
import { segmentItem } from './segments.ts';

export interface EncodedSegmentation {
  readonly object: DicomObject;
  readonly reference: ObjectReference;
}

/**
 * The label map as a BINARY Segmentation (PS3.3 A.51): one frame per segment and slice that it touches, on the
 * grid of the source series.
 * @throws OverreadError `results.inconsistent` where the map is not on that grid or its labels contradict its segments.
 */
export function encodeSegmentation(
  analysis: Analysis,
  labelMap: LabelMap,
  source: Attributes,
  now: Date,
): EncodedSegmentation {
  checkLabelMap(analysis, labelMap);
  const place = newPlace(analysis, sopClasses.segmentation, 51, 'Segmentation');
  const { frames, pixelData } = packFrames(labelMap);
  const [columns, rows] = labelMap.grid.dims;
  const frameOfReference = analysis.source.frameOfReferenceUID;
  const placed = frameOfReference !== null;
  const dataset: Dataset = {
    ...commonModules(analysis, source, place, now),
    ...codingSchemes,
    Modality: 'SEG',
    ImageType: ['DERIVED', 'PRIMARY'],
    ...(placed
      ? {
          FrameOfReferenceUID: frameOfReference,
          PositionReferenceIndicator: textOf(source, 'PositionReferenceIndicator'),
        }
      : { PatientOrientation: textsOf(source, 'PatientOrientation') }),
    ContentLabel: 'AI_SEGMENTATION',
    ContentDescription: shortText(`${analysis.model.title} ${analysis.model.version}`),
    ContentCreatorName: null,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    NumberOfFrames: frames.length,
    Rows: rows,
    Columns: columns,
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    PixelRepresentation: 0,
    LossyImageCompression: textOf(source, 'LossyImageCompression') === '01' ? '01' : '00',
    ...lossyHistory(source),
    SegmentationType: 'BINARY',
    SegmentsOverlap: 'NO',
    SegmentSequence: labelMap.segments.map((segment, index) => segmentItem(segment, index + 1, analysis.model)),
    ReferencedSeriesSequence: [referencedSeries(analysis)],
    ...dimensions(placed),
    SharedFunctionalGroupsSequence: [sharedGroups(analysis.source.grid, placed)],
    PerFrameFunctionalGroupsSequence: perFrameGroups(analysis.source, frames, placed),
    PixelData: pixelData,
  };
  return { object: finishObject('SEG', dataset, source, place), reference: place.reference };
}

function checkLabelMap(analysis: Analysis, labelMap: LabelMap): void {
  const fault = (why: string) => new OverreadError('results.inconsistent', { why });
  if (!sameGrid(labelMap.grid, analysis.source.grid)) throw fault('the label map is not on the grid of the series');
  if (analysis.source.slices.length !== labelMap.grid.dims[2]) throw fault('slices and images differ in number');
  const numbers = labelMap.segments.map((segment) => segment.number);
  if (numbers.length === 0) throw fault('the label map has no segments');
  if (new Set(numbers).size !== numbers.length) throw fault('two segments have the same number');
  if (!numbers.every((number) => Number.isInteger(number) && number >= 1 && number <= 255)) {
    throw fault('a segment number is not a whole number from 1 to 255');
  }
}

/** What lossy compression did to the source stays said of what is derived from it (PS3.3 C.7.6.1.1.5). */
function lossyHistory(source: Attributes): Dataset {
  const ratio = textOf(source, 'LossyImageCompressionRatio');
  const method = textOf(source, 'LossyImageCompressionMethod');
  if (textOf(source, 'LossyImageCompression') !== '01' || ratio === null || method === null) return {};
  return { LossyImageCompressionRatio: ratio, LossyImageCompressionMethod: method };
}

/** Common Instance Reference (PS3.3 C.12.2): every image of the analysed series. */
function referencedSeries({ source }: Analysis): Dataset {
  const instances = new Map(source.slices.map((slice) => [slice.sopInstanceUID, slice]));
  return {
    SeriesInstanceUID: source.seriesInstanceUID,
    ReferencedInstanceSequence: [...instances.values()].map((slice) => imageReference({ ...slice, frameNumber: null })),
  };
}

/** Multi-frame Dimension (PS3.3 C.7.6.17): segment first, then place. */
function dimensions(placed: boolean): Dataset {
  const uid = newUID();
  const bySegment: Dataset = {
    DimensionOrganizationUID: uid,
    DimensionIndexPointer: tags.ReferencedSegmentNumber[0],
    FunctionalGroupPointer: tags.SegmentIdentificationSequence[0],
    DimensionDescriptionLabel: 'Segment Number',
  };
  const byPlace: Dataset = {
    DimensionOrganizationUID: uid,
    DimensionIndexPointer: tags.ImagePositionPatient[0],
    FunctionalGroupPointer: tags.PlanePositionSequence[0],
    DimensionDescriptionLabel: 'Image Position Patient',
  };
  return {
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: uid }],
    DimensionIndexSequence: placed ? [bySegment, byPlace] : [bySegment],
  };
}
