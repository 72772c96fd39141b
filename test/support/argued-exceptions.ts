import { sopClasses } from '@overread/core/dicom';
import type { DicomObject } from '@overread/core/results';

/**
 * Where a checker complains, or cannot be asked, and the object is right all the same. The list is whole: nothing else is
 * let pass by any test. The conformance statement shows it.
 */
interface ArguedException {
  readonly checker: string;
  readonly what: string;
  readonly because: string;
}

export const arguedExceptions = {
  laterality: {
    checker: 'dciodvfy',
    what: '`Laterality` (0020,0060) missing in images',
    because: 'It is needed for a paired body part only; the checker cannot tell and asks for it always.',
  },
  labelMap: {
    checker: 'dciodvfy, dcentvfy, dsrdump, storescu',
    what: 'Label Map Segmentations, and reports that name a segment of one',
    because: 'The SOP class came into the standard (2024) after the builds that distributions carry.',
  },
  characters: {
    checker: 'dcmpschk',
    what: 'Text beyond ASCII',
    because: 'It knows the characters of ISO 8859 only, and takes UTF-8 for a fault of the value.',
  },
  colourStates: {
    checker: 'dcmpschk',
    what: 'Color Softcopy Presentation States',
    because: 'It checks grayscale ones only.',
  },
  sameName: {
    checker: 'dcentvfy',
    what: 'A name that the images have in Latin-1',
    because: 'It compares bytes, and the name is written in UTF-8.',
  },
  mapsByGet: {
    checker: 'getscu',
    what: 'Parametric Maps',
    because: 'It asks for as many classes as an association holds (128), and these are none of them.',
  },
  noFrameOfReference: {
    checker: 'own rules (viewer.segmentation)',
    what: 'Segmentations of a series without a frame of reference',
    because: 'There is none to name, and no plane orientation to say. A warning.',
  },
  fractions: {
    checker: 'own rules (viewer.segmentation)',
    what: 'FRACTIONAL segmentations',
    because: 'Viewers show them seldom; they are written only where a site asks for them. A warning.',
  },
} as const satisfies Record<string, ArguedException>;

const laterality = /Laterality\(0020,0060\)> - Missing attribute for Type 2C Conditional - Module=<GeneralSeries>/;

/** `laterality`. @param line Of what dciodvfy says. */
export function isArguedLaterality(line: string): boolean {
  return laterality.test(line);
}

/** `sameName`. @param line Of what dcentvfy says, one character per byte. */
export function isSameText(line: string): boolean {
  const [, one = '', other = ''] = /different value .* Value 1 <(.*)> versus <(.*)>$/.exec(line) ?? [];
  const inUtf8 = (bytes: string) => Buffer.from(bytes, 'latin1').toString('utf8');
  return one !== '' && (inUtf8(one) === other || inUtf8(other) === one);
}

/** `characters`. @param complaint Of dcmpschk about one attribute. */
export function isBeyondAscii(complaint: string): boolean {
  return /Attribute value {3}: .*[^ -~\n]/.test(complaint);
}

/** `labelMap`: whether one of the objects of a result, and so perhaps a reference in the others, is too new. */
export function hasLabelMap(objects: readonly DicomObject[]): boolean {
  return objects.some(isLabelMap);
}

export function isLabelMap({ sopClassUID }: DicomObject): boolean {
  return sopClassUID === sopClasses.labelMapSegmentation;
}

/** `colourStates` */
export function isColourState({ sopClassUID }: DicomObject): boolean {
  return sopClassUID === sopClasses.colourPresentationState;
}

/** `mapsByGet` */
export function isParametricMap({ sopClassUID }: DicomObject): boolean {
  return sopClassUID === sopClasses.parametricMap;
}

/** `noFrameOfReference`, `fractions`. @param name Of the object in the list of cases. */
export function isArguedWarning(name: string, rule: string): boolean {
  const segmentation =
    name.startsWith('SEG of a series without a frame of reference') || name === 'SEG of a tissue with fractions';
  return segmentation && rule === 'viewer.segmentation';
}
