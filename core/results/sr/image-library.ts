import type { AnalysisSource } from '../../analysis/index.ts';
import { dcmCodes, modalities } from '../../dicom/index.ts';
import { imageReference } from '../common/image-reference.ts';
import { code, container, image, uidref } from './content-item.ts';
import type { RowOf } from './relationships.ts';

/**
 * TID 1600 with one group (TID 1601) of the images the document refers to, with the TID 1602 descriptors they share.
 * @param more Further groups. Viewers look at the first alone.
 */
export function imageLibrary(
  source: AnalysisSource,
  sopInstanceUIDs: ReadonlySet<string>,
  more: readonly RowOf<'CONTAINER'>[],
): RowOf<'CONTAINER'> {
  const modality = modalities[source.modality];
  const seen = new Set<string>();
  const images = source.slices.filter(({ sopInstanceUID }) => {
    if (!sopInstanceUIDs.has(sopInstanceUID) || seen.has(sopInstanceUID)) return false;
    seen.add(sopInstanceUID);
    return true;
  });
  return container(dcmCodes.imageLibrary, '1600', [
    container(dcmCodes.imageLibraryGroup, '1601', [
      ...(modality === undefined ? [] : [code('HAS ACQ CONTEXT', dcmCodes.modality, modality)]),
      ...(source.frameOfReferenceUID === null
        ? []
        : [uidref('HAS ACQ CONTEXT', dcmCodes.frameOfReferenceUID, source.frameOfReferenceUID)]),
      ...images.map((slice) => image('CONTAINS', null, imageReference({ ...slice, frameNumber: null }))),
    ]),
    ...more,
  ]);
}
