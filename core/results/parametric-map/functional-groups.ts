import type { AnalysisSource, HeatMap } from '../../analysis/index.ts';
import { dcmCodes, sctCodes, shortText, type Dataset } from '../../dicom/index.ts';
import {
  gridDirections,
  gridSpacing,
  indexToWorld,
  worldToIndexMatrix,
  transformPoint,
  sameGrid,
  type Grid,
} from '../../geometry/index.ts';
import { codeSequence } from '../common/code-sequence.ts';
import { imageReference } from '../common/image-reference.ts';

/** Image Type and Frame Type (PS3.3 C.8.32.2.1): values computed for a volume, of a quantity. */
export const frameType = ['DERIVED', 'PRIMARY', 'VOLUME', 'QUANTITY'] as const;

/** What holds for every frame (PS3.3 table A.75-2): geometry, what a value means, how to show it. */
export function sharedGroups(heatMap: HeatMap): Dataset {
  const { grid, displayRange } = heatMap;
  const [di, dj, dk] = gridSpacing(grid);
  const [i, j] = gridDirections(grid);
  const [low, high] = displayRange;
  return {
    PixelMeasuresSequence: [{ PixelSpacing: [dj, di], SliceThickness: dk, SpacingBetweenSlices: dk }],
    PlaneOrientationSequence: [{ ImageOrientationPatient: [...i, ...j] }],
    ParametricMapFrameTypeSequence: [{ FrameType: frameType }],
    PixelValueTransformationSequence: [{ RescaleIntercept: 0, RescaleSlope: 1, RescaleType: 'US' }],
    // LINEAR subtracts half a unit and needs a width of at least 1, which is senseless for floats (PS3.3 C.11.2.1.2).
    FrameVOILUTSequence: [{ WindowCenter: (low + high) / 2, WindowWidth: high - low, VOILUTFunction: 'LINEAR_EXACT' }],
    RealWorldValueMappingSequence: [realWorldValueMapping(heatMap)],
  };
}

/** Real World Value Mapping (PS3.3 C.7.6.16.2.11): the stored value is the value. */
function realWorldValueMapping({ label, values, quantity, unit }: HeatMap): Dataset {
  const [lowest, highest] = rangeOf(values);
  return {
    LUTExplanation: shortText(label),
    LUTLabel: shortText(label, 16),
    DoubleFloatRealWorldValueFirstValueMapped: lowest,
    DoubleFloatRealWorldValueLastValueMapped: highest,
    RealWorldValueIntercept: 0,
    RealWorldValueSlope: 1,
    MeasurementUnitsCodeSequence: codeSequence(unit),
    QuantityDefinitionSequence: [
      {
        ValueType: 'CODE',
        ConceptNameCodeSequence: codeSequence(sctCodes.quantity),
        ConceptCodeSequence: codeSequence(quantity),
      },
    ],
  };
}

/** Smallest and largest number of the map; [0, 0] where there is none. */
function rangeOf(values: Float32Array): readonly [number, number] {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const value of values) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return lowest <= highest ? [lowest, highest] : [0, 0];
}

/** Per-frame groups in order of k: position, and the images that the frame was computed from. */
export function perFrameGroups(source: AnalysisSource, grid: Grid): readonly Dataset[] {
  const onSource = sameGrid(grid, source.grid);
  const toSource = worldToIndexMatrix(source.grid);
  const [ni, nj, nk] = grid.dims;
  return Array.from({ length: nk }, (_, k) => {
    const edges = [k - 0.5, k + 0.5].map(
      (at) => transformPoint(toSource, indexToWorld(grid, [(ni - 1) / 2, (nj - 1) / 2, at]))[2],
    );
    return {
      FrameContentSequence: [{ DimensionIndexValues: [k + 1] }],
      PlanePositionSequence: [{ ImagePositionPatient: [...indexToWorld(grid, [0, 0, k])] }],
      DerivationImageSequence: [
        {
          DerivationCodeSequence: codeSequence(dcmCodes.unspecifiedCalculation),
          SourceImageSequence: slicesWithin(source, Math.min(...edges), Math.max(...edges)).map((slice) => ({
            ...imageReference(slice),
            PurposeOfReferenceCodeSequence: codeSequence(dcmCodes.sourceForProcessing),
            SpatialLocationsPreserved: onSource ? 'YES' : 'NO',
          })),
        },
      ],
    };
  });
}

/** Slices whose centre lies within the thickness of a frame, else the nearest one. Bounds in slice indices of the source. */
function slicesWithin({ slices }: AnalysisSource, low: number, high: number): AnalysisSource['slices'] {
  // A hair of tolerance, since bounds of equal grids fall on the middle between two slices.
  const first = Math.max(Math.ceil(low + 1e-6), 0);
  const last = Math.min(Math.floor(high - 1e-6), slices.length - 1);
  if (first <= last) return slices.slice(first, last + 1);
  const nearest = Math.min(Math.max(Math.round((low + high) / 2), 0), slices.length - 1);
  return slices.slice(nearest, nearest + 1);
}
