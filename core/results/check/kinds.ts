import { dcmCodes, sopClasses, type Code } from '../../dicom/index.ts';
import { sameCode } from '../common/code-sequence.ts';
import type { ContentItemAt } from './content.ts';
import type { Subject } from './rule.ts';
import { named } from './content.ts';

export const isSegmentation = ({ sopClassUID }: Subject): boolean =>
  sopClassUID === sopClasses.segmentation || sopClassUID === sopClasses.labelMapSegmentation;
export const isParametricMap = ({ sopClassUID }: Subject): boolean => sopClassUID === sopClasses.parametricMap;
export const isPresentationState = ({ sopClassUID }: Subject): boolean =>
  sopClassUID === sopClasses.grayscalePresentationState || sopClassUID === sopClasses.colourPresentationState;
export const isColourPresentationState = ({ sopClassUID }: Subject): boolean =>
  sopClassUID === sopClasses.colourPresentationState;
/** Secondary Capture and its multi-frame kinds. */
export const isSecondaryCapture = ({ sopClassUID }: Subject): boolean =>
  sopClassUID === sopClasses.secondaryCapture || sopClassUID.startsWith(`${sopClasses.secondaryCapture}.`);
export const isKeyObjects = ({ sopClassUID }: Subject): boolean => sopClassUID === sopClasses.keyObjectSelection;

/** SR storage classes share a root; the key object selection and the procedure logs do not count as reports. */
const reportClasses: ReadonlySet<string> = new Set(
  ['11', '22', '33', '34'].map((suffix) => `1.2.840.10008.5.1.4.1.1.88.${suffix}`),
);
export const isReport = ({ sopClassUID }: Subject): boolean => reportClasses.has(sopClassUID);

/** CID 7021: titles of TID 1500. */
const titles: ReadonlySet<string> = new Set(['126000', '126001', '126002', '126003']);

/** A report of TID 1500. */
export const isMeasurementReport = (subject: Subject): boolean => {
  const title = subject.items[0]?.name ?? null;
  return isReport(subject) && title?.scheme === 'DCM' && titles.has(title.value);
};

export const isDocument = (subject: Subject): boolean => isReport(subject) || isKeyObjects(subject);
export const isAny = (): boolean => true;

/** The measurement groups of a TID 1500 report. */
export function groupsOf({ items }: Subject): readonly ContentItemAt[] {
  return named(items, dcmCodes.measurementGroup).filter(({ type }) => type === 'CONTAINER');
}

export function isNamed(item: ContentItemAt, ...names: readonly Code[]): boolean {
  return names.some((name) => sameCode(item.name, name));
}
