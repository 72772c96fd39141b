import { itemOf, itemsOf, numberOf, numbersOf, textOf, type Attributes, type Dataset } from '../../dicom/index.ts';
import { OverreadError } from '../../errors/index.ts';
import { referencesTo, type PresentedImage } from './presented-images.ts';

/**
 * Modality LUT, VOI LUT and Presentation LUT (PS3.3 C.11.1, C.11.8, C.11.6), taken over from the images: a presentation
 * state stands in place of what they say themselves, so leaving one out would change the picture.
 * @throws OverreadError `results.not-presentable` where the images do not agree on what one state can say only once, or
 *   are shown through tables.
 */
export function grayscaleOf(images: readonly PresentedImage[]): Dataset {
  const modality = same(images, modalityOf, 'do not share one rescale');
  const inverse = same(images, photometricOf, 'are not all of one photometric interpretation');
  return { ...modality, ...windows(images), PresentationLUTShape: inverse ? 'INVERSE' : 'IDENTITY' };
}

function notPresentable(why: string): OverreadError {
  return new OverreadError('results.not-presentable', { why });
}

function same<T>(images: readonly PresentedImage[], read: (image: PresentedImage) => T, fault: string): T {
  const found = new Map(images.map((image) => [JSON.stringify(read(image)), read(image)]));
  const [value] = found.values();
  if (value === undefined || found.size > 1) throw notPresentable(`the images ${fault}`);
  return value;
}

/** Items of a functional group that hold for the presented frames; the dataset itself for single-frame images. */
function groupsOf({ attributes, slices }: PresentedImage, keyword: string): readonly Attributes[] {
  const shared = itemOf(itemOf(attributes, 'SharedFunctionalGroupsSequence') ?? {}, keyword);
  return slices.map(({ frameNumber }) => {
    if (frameNumber === null) return attributes;
    const frame = itemOf(attributes, 'PerFrameFunctionalGroupsSequence', frameNumber - 1);
    return itemOf(frame ?? {}, keyword) ?? shared ?? attributes;
  });
}

/** Modality LUT of an image; of one without rescale, nothing: then there is none to apply. */
function modalityOf(image: PresentedImage): Dataset {
  if (itemsOf(image.attributes, 'ModalityLUTSequence').length > 0)
    throw notPresentable('the images have a modality table');
  const group = one(groupsOf(image, 'PixelValueTransformationSequence'), (attributes) => {
    const slope = numberOf(attributes, 'RescaleSlope');
    const intercept = numberOf(attributes, 'RescaleIntercept');
    if (slope === null || intercept === null) return {};
    const fallback = textOf(image.attributes, 'Modality') === 'CT' ? 'HU' : 'US';
    return {
      RescaleIntercept: intercept,
      RescaleSlope: slope,
      RescaleType: textOf(attributes, 'RescaleType') ?? fallback,
    };
  });
  if (group === null) throw notPresentable('the frames do not share one rescale');
  return group;
}

/** True where the lowest value is white. */
function photometricOf({ attributes }: PresentedImage): boolean {
  const photometric = textOf(attributes, 'PhotometricInterpretation');
  if (photometric === 'MONOCHROME2') return false;
  if (photometric === 'MONOCHROME1') return true;
  throw notPresentable(`the images are ${photometric ?? 'of no photometric interpretation'}, not grayscale`);
}

/** Softcopy VOI LUT: one item for each window, with the images it holds for. */
function windows(images: readonly PresentedImage[]): Dataset {
  const items = new Map<string, { window: Dataset; images: PresentedImage[] }>();
  for (const image of images) {
    if (itemsOf(image.attributes, 'VOILUTSequence').length > 0) throw notPresentable('the images have a VOI table');
    const window = one(groupsOf(image, 'FrameVOILUTSequence'), windowOf);
    // Frames that differ: each display starts from the full range, as for images that name no window.
    const key = JSON.stringify(window ?? {});
    const item = items.get(key) ?? { window: window ?? {}, images: [] };
    item.images.push(image);
    items.set(key, item);
  }
  const named = [...items.values()].filter(({ window }) => window.WindowCenter !== undefined);
  if (named.length === 0) return {};
  const everywhere = items.size === 1;
  return {
    SoftcopyVOILUTSequence: named.map((item) => ({
      ...item.window,
      ...(everywhere ? {} : { ReferencedImageSequence: referencesTo(item.images.flatMap(({ slices }) => slices)) }),
    })),
  };
}

/** The first window: the others are alternatives for a person to choose from. */
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

/** What all groups say alike; null where they differ. */
function one(groups: readonly Attributes[], read: (attributes: Attributes) => Dataset): Dataset | null {
  const found = new Map(groups.map((group) => [JSON.stringify(read(group)), read(group)]));
  const [value = {}] = found.values();
  return found.size > 1 ? null : value;
}
