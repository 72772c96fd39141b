import { itemOf, numbersOf, textOf } from '../../dicom/index.ts';
import { worldToIndex, type Vec3 } from '../../geometry/index.ts';
import type { SeriesGeometry } from '../../volume/index.ts';
import { sliceOf, type SliceIndex } from '../common/slice-index.ts';
import type { ContentNode } from './content-tree.ts';

/**
 * Points of a SCOORD or SCOORD3D as voxel indices (0-based, fractional) of the series; null where the item lies
 * elsewhere or is malformed.
 */
export function graphicPoints(node: ContentNode, series: SeriesGeometry, slices: SliceIndex): readonly Vec3[] | null {
  const data = numbersOf(node.attributes, 'GraphicData');
  if (data === null) return null;
  if (node.type === 'SCOORD') {
    const image = node.children.find((child) => child.type === 'IMAGE');
    const k = image === undefined ? null : sliceOf(itemOf(image.attributes, 'ReferencedSOPSequence'), slices);
    if (k === null || data.length % 2 !== 0) return null;
    // The centre of the first pixel is (0.5, 0.5) in image coordinates and index (0, 0) in ours.
    return groups(data, 2).map(([x = 0, y = 0]) => [x - 0.5, y - 0.5, k]);
  }
  const frame = textOf(node.attributes, 'ReferencedFrameOfReferenceUID');
  if (node.type !== 'SCOORD3D' || frame === null || frame !== series.frameOfReferenceUID) return null;
  if (data.length % 3 !== 0) return null;
  return groups(data, 3).map(([x = 0, y = 0, z = 0]) => worldToIndex(series.grid, [x, y, z]));
}

function groups(values: readonly number[], size: number): readonly (readonly number[])[] {
  return Array.from({ length: values.length / size }, (_, index) => values.slice(index * size, (index + 1) * size));
}
