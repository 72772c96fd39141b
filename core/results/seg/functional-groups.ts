import type { AnalysisSource } from '../../analysis/index.ts';
import { dcmCodes, type Dataset } from '../../dicom/index.ts';
import { gridDirections, gridSpacing, indexToWorld, type Grid } from '../../geometry/index.ts';
import { codeSequence } from '../common/code-sequence.ts';
import { imageReference } from '../common/image-reference.ts';
import type { SegFrame } from './frames.ts';

/** Shared Functional Groups (PS3.3 C.7.6.16): spacing, and orientation where the source has a frame of reference. */
export function sharedGroups(grid: Grid, placed: boolean): Dataset {
  const [di, dj, dk] = gridSpacing(grid);
  const [i, j] = gridDirections(grid);
  return {
    PixelMeasuresSequence: [{ PixelSpacing: [dj, di], SliceThickness: dk, SpacingBetweenSlices: dk }],
    ...(placed ? { PlaneOrientationSequence: [{ ImageOrientationPatient: [...i, ...j] }] } : {}),
  };
}

/** Per-frame Functional Groups, one item per frame in order. */
export function perFrameGroups(
  source: AnalysisSource,
  frames: readonly SegFrame[],
  placed: boolean,
): readonly Dataset[] {
  const used = [...new Set(frames.map((frame) => frame.k))].sort((a, b) => a - b);
  const ordinal = new Map(used.map((k, index) => [k, index + 1]));
  return frames.map(({ segment, k }) => ({
    FrameContentSequence: [
      {
        ...(placed || segment !== null ? {} : { StackID: '1', InStackPositionNumber: k + 1 }),
        DimensionIndexValues: [
          ...(segment === null ? [] : [segment]),
          ...(placed || segment === null ? [ordinal.get(k) ?? 1] : []),
        ],
      },
    ],
    ...(placed ? { PlanePositionSequence: [{ ImagePositionPatient: [...indexToWorld(source.grid, [0, 0, k])] }] } : {}),
    ...(segment === null ? {} : { SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segment }] }),
    DerivationImageSequence: [
      {
        DerivationCodeSequence: codeSequence(dcmCodes.segmentation),
        SourceImageSequence: source.slices.slice(k, k + 1).map((slice) => ({
          ...imageReference(slice),
          PurposeOfReferenceCodeSequence: codeSequence(dcmCodes.sourceForProcessing),
          SpatialLocationsPreserved: 'YES',
        })),
      },
    ],
  }));
}
