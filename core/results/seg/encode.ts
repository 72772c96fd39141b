import type { Analysis, LabelMap } from '../../analysis/index.ts';
import { newUID, shortText, tags, textOf, textsOf, type Attributes, type Dataset } from '../../dicom/index.ts';
import { OverreadError } from '../../errors/index.ts';
import { sameGrid } from '../../geometry/index.ts';
import { imageReference } from '../common/image-reference.ts';
import { codingSchemes, commonModules, finishObject, newPlace } from '../common/instance.ts';
import type { DicomObject, SegmentationKind, StoredSegmentation } from '../object.ts';
import { formOf, type Probabilities } from './forms.ts';
import { perFrameGroups, sharedGroups } from './functional-groups.ts';
import { segmentNumbers } from './segment-numbers.ts';
import { segmentItem } from './segments.ts';

export interface EncodedSegmentation {
  readonly object: DicomObject;
  readonly reference: StoredSegmentation;
}

export interface SegmentationOptions {
  readonly kind: SegmentationKind;
  readonly probabilities?: Probabilities;
  readonly source: Attributes;
  readonly now: Date;
}

/**
 * Label maps on the grid of the source series as a Segmentation (PS3.3 A.51) or Label Map Segmentation: one frame per
 * segment and slice that it touches, or per slice. More than one label map, for segments that overlap, only as BINARY.
 * @throws OverreadError `results.inconsistent` where a map is not on that grid or its labels contradict its segments.
 */
export function encodeSegmentation(
  analysis: Analysis,
  layers: readonly LabelMap[],
  { kind, probabilities = new Map(), source, now }: SegmentationOptions,
): EncodedSegmentation {
  for (const layer of layers) checkLabelMap(analysis, layer);
  checkNumbers(layers);
  const form = formOf(kind, layers, probabilities);
  const place = newPlace(analysis, form.sopClassUID, 51, 'Segmentation');
  const { frames, pixelData } = form.packed;
  const { grid } = analysis.source;
  const segments = layers.flatMap((layer) => layer.segments);
  const [columns, rows] = grid.dims;
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
    PixelRepresentation: 0,
    LossyImageCompression: textOf(source, 'LossyImageCompression') === '01' ? '01' : '00',
    ...lossyHistory(source),
    ...form.attributes,
    SegmentSequence: segments.map((segment, index) =>
      segmentItem(segment, form.numberOf(segment.number, index + 1), analysis.model),
    ),
    ReferencedSeriesSequence: [referencedSeries(analysis)],
    ...dimensions(placed, kind === 'labelmap'),
    SharedFunctionalGroupsSequence: [sharedGroups(grid, placed)],
    PerFrameFunctionalGroupsSequence: perFrameGroups(analysis.source, frames, placed),
    PixelData: pixelData,
  };
  const numbers = segmentNumbers(layers, form.sopClassUID);
  return { object: finishObject('SEG', dataset, place), reference: { ...place.reference, numbers } };
}

function checkLabelMap(analysis: Analysis, labelMap: LabelMap): void {
  const fault = (why: string) => new OverreadError('results.inconsistent', { why });
  if (!sameGrid(labelMap.grid, analysis.source.grid)) throw fault('the label map is not on the grid of the series');
  if (analysis.source.slices.length !== labelMap.grid.dims[2]) throw fault('slices and images differ in number');
  if (labelMap.segments.length === 0) throw fault('the label map has no segments');
}

function checkNumbers(layers: readonly LabelMap[]): void {
  const fault = (why: string) => new OverreadError('results.inconsistent', { why });
  const numbers = layers.flatMap(({ segments }) => segments.map((segment) => segment.number));
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

/**
 * Multi-frame Dimension (PS3.3 C.7.6.17): segment first, then place. A label map without places still needs one: the
 * number of the slice.
 */
function dimensions(placed: boolean, wholeSlices: boolean): Dataset {
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
  const bySlice: Dataset = {
    DimensionOrganizationUID: uid,
    DimensionIndexPointer: tags.InStackPositionNumber[0],
    FunctionalGroupPointer: tags.FrameContentSequence[0],
    DimensionDescriptionLabel: 'Slice',
  };
  return {
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: uid }],
    DimensionIndexSequence: [
      ...(wholeSlices ? [] : [bySegment]),
      ...(placed ? [byPlace] : wholeSlices ? [bySlice] : []),
    ],
  };
}
