import type { Analysis, HeatMap } from '../../analysis/index.ts';
import { newUID, shortText, sopClasses, tags, textOf, type Attributes, type Dataset } from '../../dicom/index.ts';
import { OverreadError } from '../../errors/index.ts';
import { checkGrid, dot, gridDirections, voxelCount } from '../../geometry/index.ts';
import { lossyHistory, referencedSeries } from '../common/derived-image.ts';
import { codingSchemes, commonModules, finishObject, newPlace } from '../common/instance.ts';
import type { DicomObject, ObjectReference } from '../object.ts';
import { floatBytes } from './float-bytes.ts';
import { mapOnGrid } from './map-on-grid.ts';
import { frameType, perFrameGroups, sharedGroups } from './functional-groups.ts';

export interface EncodedParametricMap {
  readonly object: DicomObject;
  readonly reference: ObjectReference;
}

interface MapContext {
  readonly source: Attributes;
  readonly now: Date;
  /** Whether the map is resampled to the voxels of the series. */
  readonly onSourceGrid: boolean;
}

/**
 * The heat map as a Parametric Map of 32-bit floats (PS3.3 A.75): one frame per slice of its grid, stored
 * value = real world value. A series without a frame of reference gives a map with one of its own, in which the
 * grid of the series stands as the analysis has it.
 * @throws OverreadError `results.inconsistent` where grid, values and display range contradict each other, or rows and
 *   columns are not perpendicular (which no image orientation can say).
 */
export function encodeParametricMap(
  analysis: Analysis,
  ownMap: HeatMap,
  { source, now, onSourceGrid }: MapContext,
): EncodedParametricMap {
  checkHeatMap(ownMap);
  const heatMap = onSourceGrid ? mapOnGrid(ownMap, analysis.source.grid) : ownMap;
  const place = newPlace(analysis, sopClasses.parametricMap, slotOf(analysis, ownMap), whatOf(analysis, ownMap));
  const [columns, rows, frames] = heatMap.grid.dims;
  const frameOfReference = analysis.source.frameOfReferenceUID;
  const organization = newUID();
  const dataset: Dataset = {
    ...commonModules(analysis, source, place, now),
    ...codingSchemes,
    // Parametric Map Series (PS3.3 C.8.32.1) takes any modality; OT keeps viewers from showing it as another scan.
    Modality: 'OT',
    ImageType: frameType,
    FrameOfReferenceUID: frameOfReference ?? newUID(),
    PositionReferenceIndicator: frameOfReference === null ? null : textOf(source, 'PositionReferenceIndicator'),
    ContentLabel: 'AI_HEAT_MAP',
    ContentDescription: shortText(`${analysis.model.title} ${analysis.model.version}`),
    ContentCreatorName: null,
    ContentQualification: 'RESEARCH',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    PixelPresentation: 'MONOCHROME',
    PresentationLUTShape: 'IDENTITY',
    NumberOfFrames: frames,
    Rows: rows,
    Columns: columns,
    BitsAllocated: 32,
    BurnedInAnnotation: 'NO',
    RecognizableVisualFeatures: 'NO',
    ...lossyHistory(source),
    AcquisitionContextSequence: [],
    ReferencedSeriesSequence: referencedSeries(analysis.source),
    DimensionOrganizationType: '3D',
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: organization }],
    DimensionIndexSequence: [
      {
        DimensionOrganizationUID: organization,
        DimensionIndexPointer: tags.ImagePositionPatient[0],
        FunctionalGroupPointer: tags.PlanePositionSequence[0],
        DimensionDescriptionLabel: 'Image Position Patient',
      },
    ],
    SharedFunctionalGroupsSequence: [sharedGroups(heatMap)],
    PerFrameFunctionalGroupsSequence: perFrameGroups(analysis.source, heatMap.grid),
    FloatPixelData: floatBytes(heatMap.values),
  };
  return { object: finishObject('PM', dataset, place), reference: place.reference };
}

/** Series numbers differ where there are several; those between are other objects'. */
function slotOf({ heatMaps }: Analysis, heatMap: HeatMap): number {
  const at = heatMaps.indexOf(heatMap);
  return at < 1 ? 53 : Math.min(99, 69 + at);
}

/** Told apart in lists of series where there are several. */
function whatOf({ heatMaps }: Analysis, { label }: HeatMap): string {
  return heatMaps.length > 1 ? `Heat map, ${shortText(label, 16)}` : 'Heat map';
}

/** Cosine between rows and columns that still counts as perpendicular: what rounding leaves. */
const perpendicular = 1e-4;

function checkHeatMap({ grid, values, displayRange: [low, high] }: HeatMap): void {
  checkGrid(grid);
  const fault = (why: string) => new OverreadError('results.inconsistent', { why });
  if (values.length !== voxelCount(grid)) throw fault(`${values.length} map values for ${voxelCount(grid)} voxels`);
  if (grid.dims[0] > 0xffff || grid.dims[1] > 0xffff) throw fault('the map has more rows or columns than an image can');
  const [i, j] = gridDirections(grid);
  if (Math.abs(dot(i, j)) > perpendicular) throw fault('rows and columns of the map are not perpendicular');
  if (!Number.isFinite(low) || !(high > low)) throw fault('the display range of the map is empty');
}
