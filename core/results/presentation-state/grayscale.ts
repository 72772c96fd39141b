import { integerOf, itemOf, numberOf, numbersOf, textOf, type Attributes, type Dataset } from '../../dicom/index.ts';
import { readTable, stretchedTable, tableItem } from './lookup-table.ts';
import { referencesTo, type PresentedSlice } from './presented-images.ts';
import { datasetKey } from './dataset-key.ts';

/**
 * Modality LUT and Presentation LUT (PS3.3 C.11.1, C.11.6) of an image, taken over from it: a presentation state stands
 * in place of what the image says itself, so leaving one out would change the picture. A state says them once.
 * @throws OverreadError `results.not-presentable` where a table is not at hand.
 */
export function grayscaleTransform(image: PresentedSlice): Dataset {
  const inverse = textOf(image.attributes, 'PhotometricInterpretation') === 'MONOCHROME1';
  return { ...modalityOf(image), PresentationLUTShape: inverse ? 'INVERSE' : 'IDENTITY' };
}

/** Functional group that holds for the slice; the dataset itself for single-frame images. */
function groupOf({ attributes, slice }: PresentedSlice, keyword: string): Attributes {
  if (slice.frameNumber === null) return attributes;
  const frame = itemOf(attributes, 'PerFrameFunctionalGroupsSequence', slice.frameNumber - 1);
  const shared = itemOf(attributes, 'SharedFunctionalGroupsSequence');
  return itemOf(frame ?? {}, keyword) ?? itemOf(shared ?? {}, keyword) ?? attributes;
}

/** Modality LUT of an image; of one without table and rescale, nothing: then there is none to apply. */
function modalityOf(image: PresentedSlice): Dataset {
  const table = itemOf(image.attributes, 'ModalityLUTSequence');
  if (table !== null) {
    const kind = textOf(table, 'ModalityLUTType') ?? 'US';
    const read = readTable(table, { name: 'modality table', signed: hasSignedPixels(image) });
    return { ModalityLUTSequence: [{ ...tableItem(read), ModalityLUTType: kind }] };
  }
  const group = groupOf(image, 'PixelValueTransformationSequence');
  const slope = numberOf(group, 'RescaleSlope');
  const intercept = numberOf(group, 'RescaleIntercept');
  if (slope === null || intercept === null) return {};
  const fallback = textOf(image.attributes, 'Modality') === 'CT' ? 'HU' : 'US';
  return {
    RescaleIntercept: intercept,
    RescaleSlope: slope,
    RescaleType: textOf(group, 'RescaleType') ?? fallback,
  };
}

/**
 * Softcopy VOI LUT (PS3.3 C.11.8): one item for each window or table, with the images it holds for. Images without any
 * start from the full range, as they do by themselves.
 * @throws OverreadError `results.not-presentable` where a table is not at hand.
 */
export function softcopyVoi(images: readonly PresentedSlice[]): Dataset {
  const items = new Map<string, { readonly voi: Dataset; readonly images: PresentedSlice[] }>();
  for (const image of images) {
    const voi = voiOf(image);
    const key = datasetKey(voi);
    const item = items.get(key) ?? { voi, images: [] };
    item.images.push(image);
    items.set(key, item);
  }
  const named = [...items.values()].filter(({ voi }) => Object.keys(voi).length > 0);
  if (named.length === 0) return {};
  const everywhere = items.size === 1;
  return {
    SoftcopyVOILUTSequence: named.map((item) => ({
      ...item.voi,
      ...(everywhere ? {} : { ReferencedImageSequence: referencesTo(item.images.map(({ slice }) => slice)) }),
    })),
  };
}

/** The first table, else the first window: the others are alternatives for a person to choose from. */
function voiOf(image: PresentedSlice): Dataset {
  const table = itemOf(image.attributes, 'VOILUTSequence');
  if (table === null) return windowOf(groupOf(image, 'FrameVOILUTSequence'));
  // A modality table gives unsigned values; a rescale gives what it gives.
  const rescaled = itemOf(image.attributes, 'ModalityLUTSequence') === null;
  const negative = (numberOf(image.attributes, 'RescaleIntercept') ?? 0) < 0;
  const signed = rescaled && (hasSignedPixels(image) || negative);
  return { VOILUTSequence: [tableItem(stretchedTable(readTable(table, { name: 'VOI table', signed })))] };
}

function hasSignedPixels({ attributes }: PresentedSlice): boolean {
  return integerOf(attributes, 'PixelRepresentation') === 1;
}

function windowOf(attributes: Attributes): Dataset {
  const centre = numbersOf(attributes, 'WindowCenter')?.[0];
  const width = numbersOf(attributes, 'WindowWidth')?.[0];
  if (centre === undefined || width === undefined || !(width > 0)) return {};
  const kind = textOf(attributes, 'VOILUTFunction');
  return {
    WindowCenter: centre,
    WindowWidth: width,
    ...(kind === null || kind === 'LINEAR' ? {} : { VOILUTFunction: kind }),
  };
}
