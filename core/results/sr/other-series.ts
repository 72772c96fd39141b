import type { Analysis, OtherSeries } from '../../analysis/index.ts';
import { dcmCodes, integerOf, itemOf, modalities, privateCodes, textOf } from '../../dicom/index.ts';
import { imageReference } from '../common/image-reference.ts';
import type { ObjectReference } from '../object.ts';
import { code, container, image, text, uidref } from './content-item.ts';
import type { RowOf } from './relationships.ts';
import { childOf, childrenOf, codeOf, textIn, uidIn, type ContentNode } from './content-tree.ts';

/**
 * The series that were analysed together with the first one, as groups of the image library (TID 1601): all their
 * images, since all of them went into the result, with the channel of the model that they were read as.
 */
export function otherSeriesGroups({ otherSeries = [] }: Analysis): readonly RowOf<'CONTAINER'>[] {
  return otherSeries.map(({ channel, modality, frameOfReferenceUID, slices }) => {
    const kind = modalities[modality];
    return container(dcmCodes.imageLibraryGroup, '1601', [
      ...(kind === undefined ? [] : [code('HAS ACQ CONTEXT', dcmCodes.modality, kind)]),
      ...(frameOfReferenceUID === null
        ? []
        : [uidref('HAS ACQ CONTEXT', dcmCodes.frameOfReferenceUID, frameOfReferenceUID)]),
      text('HAS ACQ CONTEXT', privateCodes.channel, channel),
      ...slices.map((slice) => image('CONTAINS', null, imageReference(slice))),
    ]);
  });
}

/** Their images, each with its study and series. */
export function otherSeriesReferences({ otherSeries = [] }: Analysis): readonly ObjectReference[] {
  return otherSeries.flatMap(({ studyInstanceUID, seriesInstanceUID, slices }) =>
    slices.map(({ sopClassUID, sopInstanceUID }) => ({
      studyInstanceUID,
      seriesInstanceUID,
      sopClassUID,
      sopInstanceUID,
    })),
  );
}

/**
 * The further series of a report. Instance numbers are not stored.
 * @param evidence What the document lists, with study and series.
 */
export function otherSeriesIn(tree: ContentNode, evidence: readonly ObjectReference[]): readonly OtherSeries[] {
  const listed = new Map(evidence.map((reference) => [reference.sopInstanceUID, reference]));
  const library = childOf(tree, 'CONTAINER', dcmCodes.imageLibrary);
  const groups = library === null ? [] : childrenOf(library, 'CONTAINER', dcmCodes.imageLibraryGroup);
  return groups.flatMap((group) => {
    const channel = textIn(group, privateCodes.channel);
    if (channel === null) return [];
    const slices = childrenOf(group, 'IMAGE', null).flatMap(({ attributes }) => {
      const reference = itemOf(attributes, 'ReferencedSOPSequence') ?? {};
      const sopClassUID = textOf(reference, 'ReferencedSOPClassUID');
      const sopInstanceUID = textOf(reference, 'ReferencedSOPInstanceUID');
      if (sopClassUID === null || sopInstanceUID === null) return [];
      const frameNumber = integerOf(reference, 'ReferencedFrameNumber');
      return [{ sopClassUID, sopInstanceUID, frameNumber, instanceNumber: null }];
    });
    const place = listed.get(slices[0]?.sopInstanceUID ?? '');
    if (place === undefined) return [];
    return [
      {
        channel,
        studyInstanceUID: place.studyInstanceUID,
        seriesInstanceUID: place.seriesInstanceUID,
        modality: codeOf(childOf(group, 'CODE', dcmCodes.modality))?.value ?? '',
        frameOfReferenceUID: uidIn(group, dcmCodes.frameOfReferenceUID),
        slices,
      },
    ];
  });
}
