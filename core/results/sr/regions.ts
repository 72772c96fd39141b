import type { AnalysisSource, Region } from '../../analysis/index.ts';
import { dcmCodes, measurementNames, privateCodes, sctCodes, type Code, type Dataset } from '../../dicom/index.ts';
import { OverreadError } from '../../errors/index.ts';
import { indexToWorld, type Vec3 } from '../../geometry/index.ts';
import { imageReference } from '../common/image-reference.ts';
import { scoord, scoord3d } from './content-item.ts';
import type { ContentItem, RowOf } from './relationships.ts';
import type { GroupKind } from './group-kind.ts';

/** Reference to the image of slice k. @throws OverreadError `results.inconsistent` where there is no such slice. */
function sliceImage(source: AnalysisSource, k: number): Dataset {
  const slice = source.slices[k];
  if (slice === undefined) throw new OverreadError('results.inconsistent', { why: `there is no slice ${k}` });
  return imageReference(slice);
}

/** What a finding looks like on its images. */
export interface DrawnRegion {
  /** The item that stands for the finding: displays that draw one shape per group draw this one. */
  readonly main: RowOf<'CONTAINER'>;
  readonly others: readonly RowOf<'CONTAINER'>[];
  /** The same shape below a number that was inferred from it. */
  readonly inferredFrom: RowOf<'NUM'>;
}

/**
 * Box and centre as image coordinates. The box is drawn on the slice of the centre and on its first and last slice, so
 * that the rectangles together span exactly its voxels. The one on the slice of the centre is the Image Region, or the
 * centre itself where the box is a single voxel; in TID 1411 that is the segment, and the box only bounds it.
 */
export function boxAndCentre(source: AnalysisSource, { box, centre }: Region, kind: GroupKind): DrawnRegion {
  const [left, top] = [box.min[0], box.min[1]];
  const [right, bottom] = [box.max[0] + 1, box.max[1] + 1];
  const outline = [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
    [left, top],
  ] as const;
  const middle = centre[2] >= box.min[2] && centre[2] <= box.max[2] ? [centre[2]] : [];
  const [first = box.min[2], ...rest] = new Set([...middle, box.min[2], box.max[2]]);
  const rectangle = (name: Code, k: number) => scoord('CONTAINS', name, 'POLYLINE', outline, sliceImage(source, k));
  const point = <R extends 'CONTAINS' | 'INFERRED FROM'>(relationship: R, name: Code | null) =>
    scoord(relationship, name, 'POINT', [[centre[0] + 0.5, centre[1] + 0.5]], sliceImage(source, centre[2]));
  const name = kind === '1411' ? sctCodes.boundedBy : dcmCodes.imageRegion;
  const others = [...rest.map((k) => rectangle(sctCodes.boundedBy, k)), point('CONTAINS', dcmCodes.centre)];
  if (kind !== '1411' && box.min.every((value, axis) => value === box.max[axis])) {
    return {
      main: point('CONTAINS', name),
      others: [rectangle(sctCodes.boundedBy, first), ...others],
      inferredFrom: point('INFERRED FROM', null),
    };
  }
  return {
    main: rectangle(name, first),
    others,
    inferredFrom: scoord('INFERRED FROM', null, 'POLYLINE', outline, sliceImage(source, first)),
  };
}

/**
 * A finding without a place: the outline of the middle image, named as what it is. Viewers that draw every group by
 * its coordinates would otherwise fail on the whole document. It has a point in the middle of each side too: a viewer
 * that takes four corners for a rectangle would offer it to be edited.
 */
export function wholeImage(source: AnalysisSource): RowOf<'CONTAINER'> {
  const [columns, rows, slices] = source.grid.dims;
  const outline = [
    [0, 0],
    [columns / 2, 0],
    [columns, 0],
    [columns, rows / 2],
    [columns, rows],
    [columns / 2, rows],
    [0, rows],
    [0, rows / 2],
    [0, 0],
  ] as const;
  const middle = sliceImage(source, Math.floor(slices / 2));
  return scoord('CONTAINS', privateCodes.wholeImage, 'POLYLINE', outline, middle);
}

/** The end points of an axis, on its image where it lies in one, else in patient space. Null where neither can say it. */
export function axisCoordinates<R extends 'CONTAINS' | 'INFERRED FROM'>(
  relationship: R,
  name: Code | null,
  source: AnalysisSource,
  ends: readonly [Vec3, Vec3],
): ContentItem<R, 'SCOORD' | 'SCOORD3D'> | null {
  const [a, b] = ends;
  if (a[2] === b[2] && source.slices[a[2]] !== undefined) {
    const points = [
      [a[0] + 0.5, a[1] + 0.5],
      [b[0] + 0.5, b[1] + 0.5],
    ] as const;
    return scoord(relationship, name, 'POLYLINE', points, sliceImage(source, a[2]));
  }
  if (source.frameOfReferenceUID === null) return null;
  const points = ends.map((end) => indexToWorld(source.grid, end));
  return scoord3d(relationship, name, 'POLYLINE', points, source.frameOfReferenceUID);
}

export const axisNames = { long: measurementNames.longAxis, short: measurementNames.shortAxis } as const;
